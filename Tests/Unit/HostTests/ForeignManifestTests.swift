import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct ForeignManifestTests {
  private static let data = #"{"type": "pointer", "is": "data"}"#
  private static let whole = """
    {
      "name": "noise", "version": "1.2", "summary": "Noise.", "library": "libnoise.so", "symbol": "add_noise",
      "result": "int32", "failure": "non-zero", "apply": "always", "threads": "any",
      "arguments": [
        \(data), {"type": "uint64", "is": "count"}, {"type": "int32", "is": "dimension", "axis": "H"},
        {"type": "int64", "is": "dimension", "axis": 1}, {"type": "uint64", "is": "seed"},
        {"type": "float", "is": "option", "option": "strength"}, {"type": "double", "is": "constant", "value": 2},
        {"type": "pointer", "is": "constant", "value": null}
      ],
      "options": {
        "strength": {"type": "number", "default": 0.1, "minimum": 0, "maximum": 1, "description": "How much."}
      }
    }
    """

  private func manifest(_ text: String) throws -> ForeignManifest {
    try ForeignManifest(JSON.decode(from: text, what: "the test"), file: "/m/noise.augmenter.json")
  }

  @Test func readsWhatItSays() throws {
    let manifest = try manifest(Self.whole)
    #expect(manifest.name == "noise" && manifest.version == "1.2" && manifest.symbol == "add_noise")
    #expect(manifest.result == .int32 && manifest.failure == .nonZero)
    #expect(manifest.use == .always && manifest.threads == .any)
    let types: [ForeignType] = [.pointer, .uint64, .int32, .int64, .uint64, .float, .double, .pointer]
    #expect(manifest.arguments.map(\.type) == types)
    let meanings: [ForeignArgument.Meaning] = [
      .data, .count, .dimension(.letter("H")), .dimension(.number(1)), .seed, .option("strength"),
      .constant(.double(2)), .constant(.pointer(0)),
    ]
    #expect(manifest.arguments.map(\.meaning) == meanings)
    #expect(manifest.options.map(\.name) == ["strength"])
  }

  @Test func whatItLeavesOut() throws {
    let manifest = try manifest(
      #"{"name": "n", "summary": "s", "library": "l", "symbol": "f", "result": "void", "arguments": [\#(Self.data)]}"#)
    #expect(manifest.version == "unversioned" && manifest.failure == .never)
    #expect(manifest.use == .training && manifest.threads == .serial && manifest.options.isEmpty)
  }

  /// - Parameter changes: keys in place of those above.
  private func refusal(_ changes: String) throws -> PluginError? {
    var members = try JSON.decode([String: JSONValue].self, from: Self.whole, what: "the test")
    members.merge(try JSON.decode([String: JSONValue].self, from: changes, what: "the change")) { $1 }
    return #expect(throws: PluginError.self) { try ForeignManifest(.object(members), file: "noise.augmenter.json") }
  }

  private func expect(_ refusal: PluginError?, _ message: String, hint: String) {
    #expect(refusal?.message.contains(message) == true, "\(refusal?.message ?? "nothing")")
    #expect(refusal?.hint?.contains(hint) == true, "\(refusal?.hint ?? "nothing")")
  }

  @Test(arguments: [
    (#"{"threds": "any"}"#, "unknown key 'threds'", "did you mean 'threads'?"),
    (#"{"name": "Noise"}"#, "'name' is 'Noise'", "lower case"),
    (#"{"name": 3}"#, "'name' is not a string", "for example"),
    (#"{"symbol": ""}"#, "'symbol' is not a string", #"for example "symbol": "add_noise""#),
    (#"{"library": "a\u0000b"}"#, "'library' is not a string", "for example"),
    (#"{"result": "int"}"#, "'result' is 'int', which is not allowed here", "write 'int32'"),
    (#"{"result": "float"}"#, "'failure' is 'non-zero', but 'result' is 'float'", "leave 'failure' out"),
    (#"{"failure": "nonzero"}"#, "'failure' is 'nonzero'", "did you mean 'non-zero'?"),
    (#"{"apply": "sometimes"}"#, "'apply' is 'sometimes'", "there are: always, training"),
    (#"{"threads": "many"}"#, "'threads' is 'many'", "any"),
    (#"{"arguments": "data"}"#, "'arguments' is not a list", "in the order of"),
    (#"{"arguments": [3]}"#, "arguments[0] is not a JSON object", #""type""#),
    (#"{"arguments": [], "options": {}}"#, "passes the sample neither once", "'data'"),
    (#"{"arguments": [\#(data), \#(data)], "options": {}}"#, "passes the sample neither once", "'data'"),
    (#"{"arguments": [{"type": "pointer", "is": "input"}], "options": {}}"#, "neither once", "'output'"),
    (#"{"arguments": [\#(data)]}"#, "'options.strength' is passed to no argument", #""option": "strength""#),
  ])
  func keys(changes: String, message: String, hint: String) throws {
    expect(try refusal(changes), message, hint: hint)
  }

  @Test(arguments: [
    (#""is": "count""#, "the key 'arguments[1].type' is missing", "int32"),
    (#""type": "size_t", "is": "count""#, "'arguments[1].type' is 'size_t'", "write 'uint64'"),
    (#""type": "float *", "is": "data""#, "'arguments[1].type' is 'float *'", "write 'pointer'"),
    (#""type": "int31", "is": "count""#, "'arguments[1].type' is 'int31'", "did you mean 'int32'?"),
    (#""type": "void", "is": "count""#, "'arguments[1].type' is 'void'", "there are: double"),
    (#""type": "int32", "is": "cuont""#, "'arguments[1].is' is 'cuont'", "did you mean 'count'?"),
    (#""type": "float", "is": "count""#, "count is passed as int32, int64 or uint64", "in C"),
    (#""type": "int64", "is": "seed""#, "seed is passed as uint64", "in C"),
    (#""type": "int32", "is": "data""#, "data is passed as pointer, to float", "in C"),
    (#""type": "int32", "is": "dimension""#, "'arguments[1].axis' is neither", #""axis": "H""#),
    (#""type": "int32", "is": "dimension", "axis": -1"#, "'arguments[1].axis' is neither", #""axis": 1"#),
    (#""type": "int32", "is": "count", "axis": 1"#, "belongs to an argument that is 'dimension'", "leave it out"),
    (#""type": "int32", "is": "constant""#, "the key 'arguments[1].value' is missing", #""value": 1"#),
    (#""type": "int32", "is": "constant", "value": 0.5"#, "is 0.5, which is not a valid int32", "1"),
    (#""type": "int32", "is": "constant", "value": 3000000000"#, "which is not a valid int32", "1"),
    (#""type": "int32", "is": "constant", "value": true"#, "is true, which is not a valid int32", "1"),
    (#""type": "uint64", "is": "constant", "value": -1"#, "is -1, which is not a valid uint64", "1"),
    (#""type": "float", "is": "constant", "value": 1e300"#, "which is not a valid float", "0.5"),
    (#""type": "pointer", "is": "constant", "value": 1"#, "is 1, which is not a valid pointer", "null"),
    (#""type": "int32", "is": "constant", "value": null"#, "is null, which is not a valid int32", "1"),
    (#""type": "int32", "is": "option", "option": "rate""#, "which 'options' does not declare", "declare it under"),
  ])
  func arguments(argument: String, message: String, hint: String) throws {
    expect(try refusal(#"{"arguments": [\#(Self.data), {\#(argument)}], "options": {}}"#), message, hint: hint)
  }

  @Test(arguments: [
    (#"3"#, "'options' is not a JSON object", "strength"),
    (#"{"Rate": {"type": "number", "default": 1}}"#, "'Rate' is not a valid option name", "lower case"),
    (#"{"input": {"type": "number", "default": 1}}"#, "'input' is not a valid option name", "the host sets"),
    (#"{"strength": {"type": "number"}}"#, "the key 'options.strength.default' is missing", "needs a default"),
    (#"{"strength": {"type": "string", "default": "a"}}"#, "'options.strength.type' is 'string'", "number"),
    (
      #"{"strength": {"type": "number", "default": "a"}}"#, "'options.strength.default' is \"a\", not of type number",
      "type"
    ),
    (#"{"strength": {"type": "integer", "default": 0.5}}"#, "is 0.5, not of type integer", "type"),
    (#"{"strength": {"type": "number", "default": 0, "minimun": 0}}"#, "'options.strength.minimun'", "'minimum'?"),
    (
      #"{"strength": {"type": "number", "default": 2, "maximum": 1}}"#, "its default is 2 but must be at most 1",
      "correct"
    ),
    (#"{"strength": {"type": "boolean", "default": true}}"#, "option is passed as int32, int64 or uint64", "in C"),
    (#"{"streng": {"type": "number", "default": 0}}"#, "is 'strength', which 'options' does not", "'streng'?"),
  ])
  func options(options: String, message: String, hint: String) throws {
    expect(try refusal(#"{"options": \#(options)}"#), message, hint: hint)
  }

  @Test func filesThatAreNone() throws {
    let file = "/tmp/sentry-manifest-\(UUID().uuidString).augmenter.json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    func error(_ text: String) throws -> PluginError? {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      return #expect(throws: PluginError.self) { try ForeignManifest(at: file) }
    }
    expect(try error("{\"name\": "), "the manifest: ", hint: "python3 -m json.tool \(file) shows the line")
    expect(try error("[]"), "the manifest is not a JSON object", hint: "\"name\"")
    expect(try error(String(repeating: " ", count: ForeignManifest.longest + 1)), "1048577 bytes", hint: "1 MiB")
    #expect(throws: PluginError.self) { try ForeignManifest(at: file + ".gone") }
  }
}
