import SentryFormats
import SentryPluginAPI

/// What the columns of a table of landmarks hold, told by their names and never by their places.
struct LandmarkColumns {
  /// Columns of one keypoint: x, y, z and visibility, of which the last two may be absent.
  typealias Axes = [Int?]

  enum Form {
    /// One row a person: `nose_x`, or `x0`.
    case wide([Axes])
    /// One row a keypoint: `landmark`, `x`, `y`, ….
    case long(landmark: Int, Axes)
  }

  let form: Form
  /// The names, or the numbers, of the keypoints of the wide form.
  let labels: [String]
  let frame, person, time: Int?
  /// Seconds in a unit of the column of times.
  let timeUnit: Double
  let unread: [String]

  private static let frames = ["frame", "frame_id", "frame_index", "frame_number", "frame_idx"]
  private static let people = ["person", "person_id", "person_index", "pose_id", "track_id"]
  private static let seconds = ["time", "time_s", "time_sec", "seconds", "timestamp", "timestamp_s", "t"]
  private static let milliseconds = ["time_ms", "timestamp_ms", "milliseconds", "ms"]
  private static let landmarks = ["landmark", "landmark_id", "landmark_index", "landmark_name", "keypoint", "joint"]
  private static let axes = [
    "x": 0, "y": 1, "z": 2, "visibility": 3, "v": 3, "vis": 3, "confidence": 3, "conf": 3, "score": 3, "c": 3,
  ]

  init(_ header: CSVHeader, file: String) throws {
    func one(of names: [String]) throws -> Int? {
      let found = try names.compactMap { try header.column($0) }
      guard found.count < 2 else {
        throw FormatError(
          .malformed, file: file, place: "the header",
          "the columns \(found.map { header.names[$0] }.joined(separator: " and ")) may contradict each other",
          hint: "delete all but one of them")
      }
      return found.first
    }
    (frame, person) = (try one(of: Self.frames), try one(of: Self.people))
    let (inSeconds, inMilliseconds) = (try one(of: Self.seconds), try one(of: Self.milliseconds))
    (time, timeUnit) = (inMilliseconds ?? inSeconds, inMilliseconds == nil ? 1 : 0.001)
    var used = Set([frame, person, time].compactMap(\.self))
    if let landmark = try one(of: Self.landmarks) {
      var axes: Axes = [nil, nil, nil, nil]
      for (index, name) in header.names.enumerated() {
        guard let axis = Self.axes[name.lowercased()] else { continue }
        try Self.set(&axes, axis, index, header, file)
      }
      guard axes[0] != nil, axes[1] != nil else { throw Self.noLandmarks(header, file) }
      (form, labels) = (.long(landmark: landmark, axes), [])
      used.formUnion(axes.compactMap(\.self) + [landmark])
    } else {
      var (order, columns): ([String], [String: Axes]) = ([], [:])
      for (index, name) in header.names.enumerated() where !used.contains(index) {
        guard let (label, axis) = Self.read(name.lowercased()) else { continue }
        if columns[label] == nil { order.append(label) }
        try Self.set(&columns[label, default: [nil, nil, nil, nil]], axis, index, header, file)
      }
      // A lone `z` or `label_c` of something else is no keypoint.
      order = order.filter { columns[$0]?[0] != nil && columns[$0]?[1] != nil }
      guard !order.isEmpty else { throw Self.noLandmarks(header, file) }
      let keypoints = order.compactMap { columns[$0] }
      (form, labels) = (.wide(keypoints), order)
      used.formUnion(keypoints.flatMap { $0.compactMap(\.self) })
    }
    unread = header.names.indices.filter { !used.contains($0) }.map { header.names[$0] }
  }

  /// `nose_x` as nose and x, `x12` as 12 and x.
  private static func read(_ name: String) -> (label: String, axis: Int)? {
    if let cut = name.lastIndex(where: { "_. ".contains($0) }), cut != name.startIndex,
      let axis = axes[String(name[name.index(after: cut)...])]
    {
      return (number(String(name[..<cut])), axis)
    }
    let letters = name.prefix { $0.isASCII && $0.isLetter }
    let digits = name[letters.endIndex...].drop { $0 == "_" }
    guard let axis = axes[String(letters)], let number = Int(digits), digits.first != "+", digits.first != "-" else {
      return nil
    }
    return (String(number), axis)
  }

  /// Of `landmark_3` or `kp3`, 3; any other label as it is.
  private static func number(_ label: String) -> String {
    let word = label.prefix { $0.isASCII && $0.isLetter }
    let digits = label[word.endIndex...].drop { $0 == "_" }
    guard ["landmark", "keypoint", "point", "joint", "kp", "lm"].contains(word), let number = Int(digits), number >= 0
    else {
      return label
    }
    return String(number)
  }

  private static func set(_ axes: inout Axes, _ axis: Int, _ index: Int, _ header: CSVHeader, _ file: String) throws {
    if let other = axes[axis] {
      throw FormatError(
        .malformed, file: file, place: "the header",
        "the columns \(header.names[other]) and \(header.names[index]) hold the same value", hint: "delete one of them")
    }
    axes[axis] = index
  }

  private static func noLandmarks(_ header: CSVHeader, _ file: String) -> FormatError {
    FormatError(
      .malformed, file: file, place: "the header", "no columns are landmarks; there \(header.listing)",
      hint: header.separatorHint ?? "name them nose_x, nose_y, … or x0, y0, …, or have columns landmark, x and y")
  }
}
