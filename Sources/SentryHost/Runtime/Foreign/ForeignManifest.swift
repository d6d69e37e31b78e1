import SentryFormats
import SentryPluginAPI

/// A file `NAME.augmenter.json`: a function of a library that was never written for Sentry, and how it is called as an
/// augmenter. `docs/foreign-functions.md` describes the form.
struct ForeignManifest: Sendable {
  enum Failure: String, CaseIterable { case never, nonZero = "non-zero" }
  /// When the function is called; samples are passed on unchanged otherwise.
  enum Use: String, CaseIterable { case training, always }
  enum Threads: String, CaseIterable { case any, serial }

  static let suffix = ".augmenter.json"
  static let longest = 1 << 20
  /// C promises no more.
  static let mostArguments = 127

  let file: String
  let name, version, summary: String
  /// As it is written.
  let library: String
  let symbol: String
  let result: ForeignType
  let failure: Failure
  let arguments: [ForeignArgument]
  let options: [OptionDeclaration]
  let use: Use
  let threads: Threads

  static func isManifest(_ file: String) -> Bool { file.hasSuffix(suffix) }

  /// Reads and checks a manifest; its library is not looked at. Throws ``PluginError`` that names the key.
  init(at file: String) throws {
    let value: JSONValue
    do {
      value = try JSON.decode(from: TextFile.read(file, limit: Self.longest), what: "the manifest")
    } catch let error as FormatError {
      throw PluginError.invalid("the manifest \(error.detail)", hint: error.hint ?? "a manifest has at most 1 MiB")
    } catch let error as PluginError {
      throw PluginError.invalid(error.message, hint: "python3 -m json.tool \(file) shows the line")
    }
    try self.init(value, file: file)
  }

  init(_ value: JSONValue, file: String) throws {
    let object = try ManifestObject(
      value,
      keys: [
        "name", "version", "summary", "library", "symbol", "result", "failure", "arguments", "options", "apply",
        "threads",
      ])
    self.file = file
    name = try object.text("name", example: "noise")
    guard LoadedPlugin.isName(name) else {
      throw PluginError.invalid("'name' is '\(name)'", hint: "use lower case letters, digits and hyphens")
    }
    version = object["version"] == nil ? "unversioned" : try object.text("version", example: "1.0.0")
    summary = try object.text("summary", example: "Adds uniform noise.")
    library = try object.text("library", example: "libnoise.so")
    symbol = try object.text("symbol", example: "add_noise")
    let result = try object.type("result", among: ForeignType.allCases)
    let failure: Failure = try object.word("failure", fallback: .never)
    (self.result, self.failure) = (result, failure)
    guard failure == .never || result.isInteger else {
      throw PluginError.invalid(
        "'failure' is '\(failure.rawValue)', but 'result' is '\(result.rawValue)'",
        hint: "only an integer result can indicate a failure; leave 'failure' out")
    }
    let options = try ForeignOptions(object["options"] ?? [:])
    self.options = options.declarations
    arguments = try Self.arguments(object["arguments"], options: options.kinds)
    use = try object.word("apply", fallback: .training)
    threads = try object.word("threads", fallback: .serial)
  }

  private static func arguments(_ value: JSONValue?, options: [String: ForeignOptions.Kind]) throws
    -> [ForeignArgument]
  {
    guard let values = value?.arrayValue, values.count <= mostArguments else {
      throw PluginError.invalid(
        "'arguments' is \(value?.arrayValue == nil ? "not a list" : "a list of more than \(mostArguments)")",
        hint: "write [{\"type\": \"pointer\", \"is\": \"data\"}, …], in the order of the function's declaration in C")
    }
    let arguments = try values.enumerated().map { index, value in
      try ForeignArgument(value, at: "arguments[\(index)]", options: options)
    }
    func count(_ meaning: ForeignArgument.Meaning) -> Int { arguments.count { $0.meaning == meaning } }
    guard [[1, 0, 0], [0, 1, 1]].contains([count(.data), count(.input), count(.output)]) else {
      throw PluginError.invalid(
        "'arguments' passes the sample neither once as data nor once as input and output",
        hint: "one pointer is 'data' where the function works in place; else one is 'input' and one 'output'")
    }
    for name in options.keys.sorted() where count(.option(name)) == 0 {
      throw PluginError.invalid(
        "'options.\(name)' is passed to no argument",
        hint: "add {\"type\": …, \"is\": \"option\", \"option\": \"\(name)\"}")
    }
    return arguments
  }
}
