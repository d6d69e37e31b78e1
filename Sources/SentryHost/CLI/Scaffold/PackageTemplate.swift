import SentryPluginAPI
import SentryRuntime

/// The files of a new package: those of `Templates/common/LANGUAGE` and of `Templates/KIND/LANGUAGE`, which come second and
/// replace the first, with the words of the template replaced in their names and contents.
///
/// The words are names as any other, so that templates are sources that tools can read.
struct PackageTemplate {
  /// By the path in the new package.
  let files: [String: [UInt8]]

  /// Throws ``PluginError`` where a template is missing.
  init(_ kind: NewComponentKind, _ language: PluginLanguage, in templates: String, words: [String: String]) throws {
    let folder = "\(templates)/\(kind.rawValue)"
    guard let languages = try SystemFile.names(in: folder) else {
      throw PluginError("there is no template for a \(kind.rawValue): \(folder) is missing")
    }
    guard languages.contains(language.rawValue) else {
      throw PluginError.invalid(
        "there is no template for a \(kind.rawValue) in \(language.title)",
        hint: "--language \(languages.joined(separator: " or "))")
    }
    var files: [String: [UInt8]] = [:]
    for folder in ["\(templates)/common/\(language.rawValue)", "\(folder)/\(language.rawValue)"] {
      for path in try Self.paths(in: folder) {
        guard let bytes = try SystemFile.bytes("\(folder)/\(path)", limit: 1 << 20) else { continue }
        let name = String(decoding: Self.replace(words, in: Array(path.utf8)), as: UTF8.self)
        files[name] = Self.replace(words, in: bytes)
      }
    }
    self.files = files
  }

  /// Of the files in a folder and those below it.
  private static func paths(in folder: String) throws -> [String] {
    try (SystemFile.names(in: folder) ?? []).flatMap { name in
      SystemFile.isFolder("\(folder)/\(name)")
        ? try paths(in: "\(folder)/\(name)").map { "\(name)/\($0)" } : [name]
    }
  }

  /// No word is the beginning of another.
  static func replace(_ words: [String: String], in bytes: [UInt8]) -> [UInt8] {
    let words = words.map { (Array($0.key.utf8), Array($0.value.utf8)) }
    var (result, index) = ([UInt8](), 0)
    while index < bytes.count {
      if let (word, value) = words.first(where: { bytes[index...].starts(with: $0.0) }) {
        result += value
        index += word.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }
}
