import SentryFormats
import SentryPluginAPI

/// Rows of a table on their way to frames: rows of one frame stand together.
struct LandmarkRows {
  private struct Open {
    var key: String
    var frame: LandmarkFrame
    var rows = 0
    /// Of the long form: what is known of each person, in the order of the rows.
    var people: [(id: Int?, keypoints: [Instance.Keypoint])] = []
  }

  private let table: LandmarkTable
  private let scale: PositionScale
  private var open: Open?
  private(set) var count = 0
  private var last: (index: Int, time: Double?)?
  private var first: Int?

  init(_ table: LandmarkTable) {
    self.table = table
    scale = PositionScale(size: table.options.pictureSize)
  }

  /// - Returns: the frame before, once a row of the next comes.
  mutating func take(_ row: CSVRow) throws -> LandmarkFrame? {
    try table.header.check(row)
    guard row.count >= table.header.names.count else {
      throw row.failure(
        "has \(row.count) fields, the header has \(table.header.names.count)", hint: "complete it, or delete it")
    }
    let key = try (table.columns.frame ?? table.columns.time).map { try text(row, $0) } ?? "\(count)"
    count += 1
    var finished: LandmarkFrame?
    if open?.key != key {
      finished = finish()
      open = Open(key: key, frame: try begin(row))
    }
    try add(row)
    return finished
  }

  mutating func finish() -> LandmarkFrame? {
    guard var open else { return nil }
    self.open = nil
    open.frame.instances += open.people.compactMap { Self.instance($0.keypoints, $0.id) }
    return open.frame
  }

  /// nil for nobody: programs write zeros, or nothing, for what they did not find.
  private static func instance(_ keypoints: [Instance.Keypoint], _ id: Int?) -> Instance? {
    keypoints.contains { $0.isKnown && ($0.x, $0.y) != (0, 0) } ? Instance(around: keypoints, id: id) : nil
  }

  private mutating func begin(_ row: CSVRow) throws -> LandmarkFrame {
    let columns = table.columns
    var index = last.map { $0.index + 1 } ?? 0
    if let column = columns.frame {
      let text = try text(row, column)
      guard let number = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }) else {
        throw row.failure("its frame is '\(text.prefix(40))', not a number")
      }
      index = number
    }
    first = first ?? index
    var time = table.options.rate.map { Double(index - (first ?? 0)) / $0 }
    if let column = columns.time {
      guard let value = try number(row, column) else { throw row.failure("has no time") }
      time = Double(value) * columns.timeUnit
    }
    if let last {
      guard index > last.index else {
        throw row.failure(
          "frame \(index) comes after frame \(last.index)", hint: "sort the file by frame; one file holds one recording"
        )
      }
      if columns.time != nil, let time, let before = last.time {
        guard time > before else { throw row.failure("its time is \(time) s, that of the frame before is \(before) s") }
        if columns.timeUnit == 1, time - before >= 10 * Double(index - last.index) {
          throw row.failure(
            "its time is \(time - before) seconds after the frame before",
            hint: "if these are milliseconds, name the column time_ms")
        }
      }
    }
    last = (index, time)
    return LandmarkFrame(index: index, time: time, instances: [])
  }

  private mutating func add(_ row: CSVRow) throws {
    let id = try table.columns.person.map { column -> Int in
      let text = try text(row, column)
      guard let id = Int(text) else { throw row.failure("its person is '\(text.prefix(40))', not a number") }
      return id
    }
    switch table.columns.form {
    case .wide(let keypoints):
      open?.rows += 1
      guard open?.rows == 1 || id != nil else {
        throw row.failure(
          "its frame is that of the row before",
          hint: "one row holds one frame; a column 'person' tells several people apart")
      }
      let points = try keypoints.map { try keypoint(row, $0) }
      if let instance = Self.instance(points, id) { open?.frame.instances.append(instance) }
    case .long(let landmark, let axes):
      guard let place = table.places[try text(row, landmark).lowercased()] else {
        throw row.failure("names a landmark that was not there before", hint: "the file was changed while it was read")
      }
      let point = try keypoint(row, axes)
      var people = open?.people ?? []
      if !people.contains(where: { $0.id == id }) {
        people.append((id, [Instance.Keypoint](repeating: .absent, count: table.keypoints.count)))
      }
      guard let person = people.firstIndex(where: { $0.id == id }) else { return }
      people[person].keypoints[place] = point
      open?.people = people
    }
  }

  private func keypoint(_ row: CSVRow, _ axes: LandmarkColumns.Axes) throws -> Instance.Keypoint {
    let values = try axes.map { try $0.flatMap { try number(row, $0) } }
    guard let x = values[0], let y = values[1] else { return .absent }
    let visibility = values[3] ?? 1
    guard (-0.01...1.01).contains(visibility) else {
      throw row.failure("a visibility is \(visibility), 0 to 1 is expected")
    }
    return try scale.keypoint(
      x: Float(x), y: Float(y), z: Float(values[2] ?? 0), visibility: Float(min(max(visibility, 0), 1)),
      place: { "\(table.path): line \(row.location.line)" })
  }

  /// nil for an empty field, and for NaN.
  private func number(_ row: CSVRow, _ column: Int) throws -> Double? {
    let text = try text(row, column)
    if text.isEmpty || ["nan", "none", "null"].contains(text.lowercased()) { return nil }
    guard let value = Double(text), value.isFinite else {
      throw row.failure("\(table.header.names[column]) is '\(text.prefix(40))', not a number")
    }
    guard abs(value) <= Double(Float.greatestFiniteMagnitude) else {
      throw row.failure("\(table.header.names[column]) is '\(text.prefix(40))', which is larger than a float32 holds")
    }
    return value
  }

  private func text(_ row: CSVRow, _ column: Int) throws -> String {
    let text = try row.string(column)
    return text.contains(" ") ? String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) : text
  }
}
