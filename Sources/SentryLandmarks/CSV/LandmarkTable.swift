import SentryFormats
import SentryPluginAPI

/// A CSV file of landmarks, as scripts around MediaPipe write it: one row a person (`nose_x, nose_y, …`, `x0, y0, …`), or one row a
/// keypoint (`frame, landmark, x, y, z, visibility`). Columns are found by name.
struct LandmarkTable: LandmarkSource {
  let keypoints: [String]
  let notes: [String]
  let path: String
  let file: CSVFile
  let header: CSVHeader
  let columns: LandmarkColumns
  let options: LandmarkOptions
  /// By the text of the landmark column, the keypoint; of the long form.
  let places: [String: Int]

  init(_ path: String, _ options: LandmarkOptions) throws {
    (self.path, self.options) = (path, options)
    file = try CSVFile(path)
    guard let header = try file.header() else {
      throw FormatError(.truncated, file: path, "the file holds no header", hint: "fetch it again")
    }
    self.header = header
    columns = try LandmarkColumns(header, file: path)
    var labels = columns.labels
    if case .long(let landmark, _) = columns.form {
      guard columns.frame != nil || columns.time != nil else {
        throw FormatError(
          .malformed, file: path, place: "the header",
          "has a row for each keypoint, and no column tells which rows are a frame", hint: "add a column 'frame'")
      }
      labels = try Self.landmarks(of: file, column: landmark)
    }
    keypoints = try Self.names(labels, options.layout, path)
    places = Dictionary(zip(labels, labels.indices)) { first, _ in first }
    var notes: [String] = []
    if !columns.unread.isEmpty {
      notes.append("\(path): columns that are not read: \(columns.unread.prefix(8).joined(separator: ", "))")
    }
    if columns.time == nil, options.rate == nil { notes.append("\(path): the file states no times") }
    self.notes = notes
  }

  func forEachFrame(_ body: (LandmarkFrame) throws -> Bool) throws {
    var rows = LandmarkRows(self)
    var isFirst = true
    var goesOn = true
    try mappingFormatErrors {
      try file.forEachRow { row in
        if isFirst {
          isFirst = false
          return true
        }
        if let frame = try rows.take(row) { goesOn = try body(frame) }
        return goesOn
      }
    }
    guard rows.count > 0 else {
      throw FormatError(.truncated, file: path, "the file holds a header and no rows", hint: "fetch or write it again")
    }
    if goesOn, let frame = rows.finish() { _ = try body(frame) }
  }

  /// The different landmarks of a long table, in the order in which they first occur.
  private static func landmarks(of file: CSVFile, column: Int) throws -> [String] {
    var (found, known): ([String], Set<String>) = ([], [])
    var isFirst = true
    try file.forEachRow { row in
      defer { isFirst = false }
      guard !isFirst else { return true }
      guard column < row.count else { throw row.failure("ends before the column of the landmark") }
      let label = try row.string(column).lowercased()
      if known.insert(label).inserted { found.append(label) }
      guard found.count <= 1000 else { throw row.failure("more than 1000 different landmarks are named") }
      return true
    }
    let numbers = found.compactMap { Int($0) }
    return numbers.count == found.count ? numbers.sorted().map(String.init) : found
  }

  /// The keypoints' names: as they stand, or of the layout where they are numbers.
  private static func names(_ labels: [String], _ layout: KeypointLayout?, _ path: String) throws -> [String] {
    let numbers = labels.compactMap { Int($0) }
    guard numbers.count == labels.count else {
      guard numbers.isEmpty else {
        throw PluginError.badData("\(path): some landmarks are numbers and some are names")
      }
      return labels
    }
    let count = (numbers.max() ?? 0) + 1
    guard let layout = layout ?? .usual(count: count) else {
      throw PluginError.badData(
        "\(path): landmarks are numbered to \(count - 1), which fits no layout",
        hint: "name the layout with --keypoints: \(KeypointLayout.all.map(\.name).joined(separator: ", "))")
    }
    guard count <= layout.keypoints.count, numbers.allSatisfy({ $0 >= 0 }) else {
      throw PluginError.badData(
        "\(path): landmarks are numbered to \(count - 1), but \(layout.name) has \(layout.keypoints.count)")
    }
    return numbers.map { layout.keypoints[$0] }
  }
}
