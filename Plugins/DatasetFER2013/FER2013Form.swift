import SentryFormats
import SentryPluginAPI
import SentryTables

/// The two forms that FER2013 comes in.
enum FER2013Form {
  case folders
  case table(String)

  /// The published names of the CSV file.
  static let tableNames = ["fer2013.csv", "icml_face_data.csv"]

  /// - Throws: ``PluginError`` where the path is neither.
  init(at path: String) throws {
    guard try entryKind(at: path) == .folder else {
      self = .table(path)
      return
    }
    let folder = Folder(path)
    if try !SplitFolders(in: folder).folders.isEmpty {
      self = .folders
    } else if let table = try Self.table(in: folder) {
      self = .table(table)
    } else if let votes = try FERPlusVotes.find(in: folder) {
      throw PluginError.invalid(
        "\(votes) holds the votes of FER+ on FER2013's images, and no pixels; there is no fer2013.csv beside it",
        hint: "put fer2013.csv there, which has the images that the votes are of")
    } else {
      throw PluginError.invalid(
        "\(path) holds neither a folder train/ nor \(Self.tableNames.joined(separator: " or "))",
        hint: "give --data the folder that does, or the CSV file itself")
    }
  }

  /// The CSV file of a folder: one of the published names, or else the only one with FER2013's columns.
  static func table(in folder: Folder) throws -> String? {
    let files = try folder.entries().filter { $0.kind == .file && $0.name.lowercased().hasSuffix(".csv") }.map(\.name)
    for name in tableNames {
      if let file = files.first(where: { $0.lowercased() == name }) { return folder.join(file) }
    }
    let fitting = files.filter { FER2013Table.hasColumns(folder.join($0)) }
    guard fitting.count < 2 else {
      throw PluginError.invalid(
        "\(folder.path) holds several FER2013 tables: \(fitting.joined(separator: ", "))",
        hint: "give --data the one to use")
    }
    return fitting.first.map(folder.join)
  }
}
