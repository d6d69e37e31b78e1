import SentryPluginAPI

extension RequiredFile {
  /// Reads what a schema says of a file. Its names become paths, addresses and words of a command, so each is checked.
  /// - Throws: ``PluginError`` that names the member at fault.
  init(_ schema: JSONValue, what: String) throws {
    self = try JSON.decode(from: try JSON.text(schema), what: what)
    sha256 = sha256.lowercased()
    func require(_ isMet: Bool, _ member: String, _ rule: String) throws {
      guard isMet else { throw PluginError.invalid("\(what): '\(member)' \(rule)") }
    }
    try require(Self.isFileName(name), "name", "is not a plain file name")
    try require(
      sha256.utf8.count == 64 && sha256.utf8.allSatisfy(Self.isHexadecimal), "sha256", "is not 64 hexadecimal digits")
    try require((1...Self.largest).contains(bytes), "bytes", "is not 1 to \(Self.largest)")
    try require(LoadedPlugin.isName(group), "group", "has characters beyond lower case letters, digits and hyphens")
    try require(group != Self.everything, "group", "is '\(Self.everything)', which stands for all groups")
    guard let package else { return }
    try require(LoadedPlugin.isName(package.index), "package.index", "is not a name")
    try require(Self.isPackageWord(package.name, ""), "package.name", "is not the name of a package")
    try require(Self.isPackageWord(package.version, "+!"), "package.version", "is not a version")
    let parts = package.member.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    try require(parts.allSatisfy(Self.isFileName), "package.member", "is not a path inside a package")
  }

  /// What users type to mean the files of all groups.
  package static let everything = "all"

  private static let largest = 1 << 34

  private static func isHexadecimal(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }

  /// Whether a text can be a name in a folder that hides nothing and stays what it is on a terminal and in a shell's words.
  private static func isFileName(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && !text.hasPrefix(".") && !text.hasPrefix("-")
      && text.utf8.allSatisfy { isWordByte($0, "+@=,~") }
  }

  private static func isPackageWord(_ text: String, _ more: String) -> Bool {
    (1...200).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasPrefix(".")
      && text.utf8.allSatisfy { isWordByte($0, more) }
  }

  private static func isWordByte(_ byte: UInt8, _ more: String) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: more.utf8.contains(byte)
    }
  }
}
