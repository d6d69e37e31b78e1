import SentryFormats
import SentryPluginAPI

/// The `.npy` files of a folder, with their shapes, and all that is wrong with them at once.
public struct ArrayFolder: Sendable {
  public struct File: Sendable {
    public init(name: String, path: String, shape: [Int]) { (self.name, self.path, self.shape) = (name, path, shape) }
    /// Without `.npy`.
    public let name: String
    public let path: String
    public let shape: [Int]
  }

  public private(set) var files: [File] = []
  /// What is in the folder besides.
  public private(set) var others: [String] = []

  /// - Parameter problem: what is wrong with a shape, as the rest of a sentence, or nil.
  /// - Throws: ``PluginError`` (bad data) that names every file that is no array of numbers, or of another shape.
  public init(_ folder: Folder, host: Host?, problem: ([Int]) -> String?) throws {
    var problems: [String] = []
    let entries = try folder.entries()
    for (position, entry) in entries.enumerated() {
      if entry.kind == .missing, entry.name.hasSuffix(".npy") {
        let path = folder.join(entry.name)
        problems.append(
          "\(path): the link points to \(Folder.missingTarget(of: path) ?? "something"), which is not there")
        continue
      }
      guard entry.kind == .file, entry.name.hasSuffix(".npy") else {
        others.append(entry.name)
        continue
      }
      if position % 256 == 0 { try host?.checkCancellation() }
      let path = folder.join(entry.name)
      do {
        let shape = try NPYFile.shape(of: path)
        if let problem = problem(shape) {
          problems.append("\(path): \(problem)")
        } else {
          files.append(File(name: String(entry.name.dropLast(4)), path: path, shape: shape))
        }
      } catch let error as FormatError {
        problems.append(error.description)
      }
    }
    try Self.refuse(problems, in: folder.path, hint: "repair or remove them")
    guard !files.isEmpty else {
      throw PluginError.badData("\(folder.path): there is no .npy file", hint: "each item is one file NAME.npy")
    }
  }

  /// Throws what is wrong with files, if anything is: the first eight problems, and how many there are.
  public static func refuse(_ problems: [String], in folder: String, hint: String) throws {
    guard let first = problems.first else { return }
    guard problems.count > 1 else { throw PluginError.badData(first, hint: hint) }
    let more = problems.count > 8 ? "\n  and \(problems.count - 8) more" : ""
    throw PluginError.badData(
      "\(folder): \(problems.count) files cannot be used:\n  \(problems.prefix(8).joined(separator: "\n  "))\(more)",
      hint: hint)
  }

  /// All values of a file as 32-bit floats. Throws ``PluginError`` (bad data) that names the file, and the place of a value
  /// that is not a finite number.
  public static func values(of file: File) throws -> [Float] {
    let array = try mappingFormatErrors { try NPYFile.read(file.path) }
    guard array.shape == file.shape else {
      throw PluginError.badData(
        "\(file.path): the shape changed from \(file.shape) to \(array.shape)", hint: "another program is writing it")
    }
    let values = try mappingFormatErrors { try array.floats() }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      let width = file.shape.last ?? 1
      let place = file.shape.count > 1 ? "row \(bad / width), column \(bad % width)" : "position \(bad)"
      if let large = try mappingFormatErrors({ try array.double(at: bad) }), large.isFinite {
        throw PluginError.badData(
          "\(file.path): \(large) at \(place) is beyond the range of 32-bit floats (\(Float.greatestFiniteMagnitude))",
          hint: "samples are 32-bit floats: scale the values, or mend or remove the file")
      }
      throw PluginError.badData(
        "\(file.path): \(values[bad]) at \(place)",
        hint: "every value must be a finite number: repair or remove the file"
      )
    }
    return values
  }
}
