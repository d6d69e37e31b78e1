import SentryFormats
import SentryLandmarks

/// The order of columns of joints, from their names: `nose_x`, `RShoulder.y`, `x0`, `kp3_conf`, or running numbers `k0`, `k1`, ….
enum JointColumns {
  /// The joints of a set in their order.
  struct Names {
    let all: [String]

    /// OpenPose's model of 18 joints.
    static let openPose18 = Names(
      all: KeypointLayout.coco18.keypoints.map {
        $0.replacing("right_", with: "r").replacing("left_", with: "l").replacing("_", with: "")
      })

    /// nil for a name that is no joint's.
    func index(of text: String) -> Int? {
      var word = text
      for (long, short) in [("right", "r"), ("left", "l")] {
        if word.hasPrefix(long) { word = short + word.dropFirst(long.count) }
        if word.hasSuffix(long) { word = short + word.dropLast(long.count) }
      }
      return all.firstIndex(of: word)
    }
  }

  /// What a name says: a joint by number or name, and which of its values.
  private struct Reading {
    let column: Int
    let name: String
    /// 0 x, 1 y, 2 z or confidence; nil in a name without.
    let axis: Int?
    /// Without the axis, letters and digits alone.
    let rest: String
    /// The digits at the end of ``rest``.
    var number: Int? { Int(String(rest.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())) }
    var word: String { String(rest.prefix { !($0.isASCII && $0.isNumber) }) }
  }

  private static let axes: [String: Int] = [
    "x": 0, "y": 1, "z": 2, "c": 2, "s": 2, "v": 2, "p": 2, "conf": 2, "confidence": 2, "score": 2, "visibility": 2,
    "prob": 2, "probability": 2,
  ]

  /// - Returns: the columns, joint by joint, each joint's values side by side.
  /// - Throws: ``FormatError`` that names the columns whose names do not tell what they hold.
  static func ordered(_ columns: [(column: Int, name: String)], _ names: Names, _ row: CSVRow) throws -> [Int] {
    let readings = columns.map { read($0.column, $0.name) }
    // Running numbers over all values.
    if readings.allSatisfy({ $0.axis == nil }), Set(readings.map(\.word)).count == 1 {
      return try inOrder(readings, row) { $0.number }
    }
    let isNamed = readings.contains { names.index(of: $0.rest) != nil }
    let values = columns.count / names.all.count
    // Numbers of joints begin at 0 or 1.
    let base = readings.compactMap(\.number).min() ?? 0
    return try inOrder(readings, row) { reading in
      guard let axis = reading.axis, axis < values else { return nil }
      let joint = isNamed ? names.index(of: reading.rest) : reading.number.map { $0 - base }
      return joint.flatMap { names.all.indices.contains($0) ? $0 * values + axis : nil }
    }
  }

  private static func inOrder(_ readings: [Reading], _ row: CSVRow, place: (Reading) -> Int?) throws -> [Int] {
    let places = readings.map(place)
    let unknown = zip(readings, places).filter { $1 == nil }.map(\.0.name)
    guard unknown.isEmpty else {
      throw row.failure(
        "the header has columns whose names do not say which joint's x, y or confidence they hold: "
          + unknown.prefix(8).joined(separator: ", ") + (unknown.count > 8 ? " and \(unknown.count - 8) more" : ""),
        hint: "name them like nose_x, nose_y or x0, y0")
    }
    let sorted = zip(readings, places.compactMap(\.self)).sorted { $0.1 < $1.1 }
    if let twice = zip(sorted, sorted.dropFirst()).first(where: { $0.1 == $1.1 }) {
      throw row.failure(
        "the columns \(twice.0.0.name) and \(twice.1.0.name) name the same value",
        hint: "delete one, or correct its name")
    }
    return sorted.map(\.0.column)
  }

  private static func read(_ column: Int, _ name: String) -> Reading {
    let lowered = name.lowercased()
    let words = lowered.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
    if words.count > 1, let last = words.last, let axis = axes[last] {
      return Reading(column: column, name: name, axis: axis, rest: words.dropLast().joined())
    }
    if words.count > 1, let axis = axes[words[0]] {
      return Reading(column: column, name: name, axis: axis, rest: words.dropFirst().joined())
    }
    let rest = words.joined()
    // x0 and 0x, but not k0: a letter that is no axis runs on.
    let (front, back) = (rest.first.map(String.init) ?? "", rest.last.map(String.init) ?? "")
    if let axis = axes[front], Int(rest.dropFirst()) != nil {
      return Reading(column: column, name: name, axis: axis, rest: String(rest.dropFirst()))
    }
    if let axis = axes[back], Int(rest.dropLast()) != nil {
      return Reading(column: column, name: name, axis: axis, rest: String(rest.dropLast()))
    }
    return Reading(column: column, name: name, axis: nil, rest: rest)
  }
}
