import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// Which columns of a table say what. The first row decides.
struct LabelTableForm: Equatable {
  /// Joined with slashes they are the path.
  let pathColumns: [Int]
  let labelColumn: Int
  /// Left, top, width, height.
  var boxColumns: [Int]?
  var hasHeader = true
  /// One of the lists that AffectNet's authors hand out.
  var isOfficial = false
  /// How many the header names; nil without one.
  var columns: Int?

  /// - Throws: ``PluginError`` where the row is of no known form.
  init(firstRow row: CSVRow, _ path: String) throws {
    let names = try row.strings().map { $0.trimmingBlanks.lowercased() }
    if let form = try Self.known(CSVHeader(row)) {
      self = form
      columns = names.count
    } else if let form = Self.headerless(names) {
      self = form
    } else {
      let separators = try CSVHeader(row).separatorHint
      throw PluginError.badData(
        "\(path): line \(row.location.line): the columns \(names.prefix(12).joined(separator: ",").prefix(200)) "
          + "have no known form",
        hint: separators
          ?? "known are pth,label and image,label and subDirectory,image,expression and AffectNet's own lists, which "
          + "start with subDirectory_filePath")
    }
  }

  private init(_ path: [Int], label: Int, box: [Int]? = nil, hasHeader: Bool = true, isOfficial: Bool = false) {
    (pathColumns, labelColumn, boxColumns) = (path, label, box)
    (self.hasHeader, self.isOfficial) = (hasHeader, isOfficial)
  }

  /// - Throws: ``FormatError`` for a column that is there twice.
  static func known(_ header: CSVHeader) throws -> LabelTableForm? {
    if let path = try header.column("pth"), let label = try header.column("label") {
      return .init([path], label: label)
    }
    if let label = try header.column("expression") {
      if let path = try header.column("subdirectory_filepath") {
        let box = try ["face_x", "face_y", "face_width", "face_height"].compactMap(header.column)
        return .init([path], label: label, box: box.count == 4 ? box : nil, isOfficial: true)
      }
      if let folder = try header.column("subdirectory"), let image = try header.column("image") {
        return .init([folder, image], label: label, isOfficial: true)
      }
    }
    if let path = try header.column("image"), let label = try header.column("label") {
      return .init([path], label: label)
    }
    return nil
  }

  /// The official validation.csv starts with an image: subDirectory_filePath, the face box, the landmarks, expression,
  /// valence, arousal.
  private static func headerless(_ fields: [String]) -> LabelTableForm? {
    guard fields.count >= 7, fields[0].contains("/"), fields[0].hasImageExtension,
      fields[1...4].allSatisfy({ Double($0) != nil }), Int(fields[6]) != nil
    else { return nil }
    return .init([0], label: 6, box: [1, 2, 3, 4], hasHeader: false, isOfficial: true)
  }
}
