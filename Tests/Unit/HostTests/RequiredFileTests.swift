import SentryPluginAPI
import Testing

@testable import SentryRuntime

@Suite struct RequiredFileTests {
  private static let hash = String(repeating: "0a", count: 32)
  private static let good: [String: JSONValue] = [
    "name": "x.bin", "sha256": .string(hash), "bytes": 3, "group": "toys", "licence": "CC0-1.0",
    "package": ["index": "pypi", "name": "toy-weights", "version": "1.0", "member": "toy/data/x.bin"],
  ]

  private func property(_ file: JSONValue, type: JSONValue = "string", format: JSONValue? = nil) throws
    -> OptionProperty
  {
    var members: [String: JSONValue] = ["type": type, "default": "", "x-sentry-file": file]
    members["format"] = format
    return try OptionProperty("file", .object(members), what: "test")
  }

  @Test func whatSwiftDeclaresIsWhatTheHostReads() throws {
    let file = RequiredFile(
      "x.bin", sha256: Self.hash, bytes: 3, group: "toys",
      package: .pypi("toy-weights", "1.0", member: "toy/data/x.bin"), licence: "CC0-1.0")
    #expect(try property(.object(Self.good)).requiredFile == file)
    var own = Self.good
    (own["package"], own["licence"]) = (nil, nil)
    #expect(try property(.object(own)).requiredFile?.package == nil)
  }

  /// Each becomes a part of a path, an address or a command.
  @Test(
    arguments: [
      ("name", "../x"), ("name", "a/b"), ("name", ".x"), ("name", ""), ("name", "a b"), ("name", "a;rm"),
      ("name", "a\u{1b}b"),
      ("sha256", "0a"), ("sha256", "zz"), ("bytes", 0), ("bytes", -1), ("bytes", "3"), ("group", "Toys"),
      ("group", "all"),
      ("group", "-x"), ("package", ["index": "pypi", "name": "a/../b", "version": "1", "member": "x"]),
      ("package", ["index": "pypi", "name": "a", "version": "1;x", "member": "x"]),
      ("package", ["index": "pypi", "name": "a", "version": "1", "member": "/etc/x"]),
      ("package", ["index": "pypi", "name": "a", "version": "1", "member": "a/../../x"]),
      ("package", ["index": "pypi", "name": "a", "version": "1"]),
    ] as [(String, JSONValue)]) func aMemberThatIsNotPlainIsRefused(key: String, value: JSONValue)
  {
    var file = Self.good
    file[key] = value
    let error = #expect(throws: PluginError.self) { try property(.object(file)) }
    #expect(error?.message.contains("x-sentry-file") == true, "\(String(describing: error))")
  }

  @Test func theOptionIsAString() {
    #expect(throws: PluginError.self) { try property(.object(Self.good), type: "integer") }
    #expect(throws: PluginError.self) { try property(.object(Self.good), format: "path") }
  }
}
