import SentryFormats
import SentryPluginAPI
import SentryRuntime
import Yams

/// A YAML file of options: one mapping for each scope, and `components`, which names the components to use.
///
/// ```yaml
/// components: {dataset: mine}
/// run: {epochs: 3}
/// model:
///   dropout: 0.2
/// ```
struct ConfigurationFile: Sendable {
  private(set) var assignments: [OptionAssignment] = []
  /// By kind; the value of `augmenter` may be `none`.
  private(set) var components: ByKind<String> = [:]

  private static let longest = 1 << 20
  /// What aliases may be used, and how many values may come of them: each may stand for all that stands before it, and a few
  /// lines of that fill any memory.
  private static let mostAliases = 32
  private static let mostValues = 10_000
  /// Values so far.
  private var values = 0

  init(path: String) throws {
    let text: String
    do {
      text = try TextFile.read(path, limit: Self.longest)
    } catch {
      throw PluginError.invalid("--config \(path) cannot be read: \(error)")
    }
    guard Self.aliases(in: text) <= Self.mostAliases else {
      throw PluginError.invalid(
        "--config \(path) has more than \(Self.mostAliases) aliases (*name)",
        hint: "write the values out where they are used")
    }
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch {
      throw PluginError.invalid("--config \(path): \(Self.brief(error))")
    }
    guard let root, root != Node("", Tag(.null)) else { return }
    let folder = Paths.folder(of: Paths.absolute(path, from: Paths.working))
    for (key, members) in try Self.mapping(root, path, "the file") {
      let source = OptionSource.file(path, line: key.mark?.line)
      let word = key.string ?? "?"
      if word == "components" {
        try readComponents(members, path)
        continue
      }
      guard let scope = OptionScope(rawValue: word) else {
        throw PluginError.invalid(
          "\(source): unknown scope '\(word)'",
          hint: Suggestion.hint(for: word, among: OptionScope.allCases.map(\.rawValue) + ["components"]))
      }
      for (name, value) in try Self.mapping(members, path, "'\(word)'") {
        assignments.append(
          OptionAssignment(
            scope: scope, name: name.string ?? "?", value: .value(try self.value(value, path)),
            source: .file(path, line: name.mark?.line), folder: folder))
      }
    }
  }

  /// The reader's words; it quotes the line, which may be as long as the file.
  private static func brief(_ error: any Error) -> String {
    "\(error)".split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.count > 200 ? line.prefix(200) + "…" : line
    }.joined(separator: "\n")
  }

  private mutating func readComponents(_ node: Node, _ path: String) throws {
    for (key, value) in try Self.mapping(node, path, "'components'") {
      let source = OptionSource.file(path, line: key.mark?.line)
      guard let kind = key.string.flatMap({ ComponentKind(rawValue: $0) }), ComponentKind.ofRuns.contains(kind) else {
        throw PluginError.invalid(
          "\(source): unknown component kind '\(key.string ?? "?")'",
          hint: Suggestion.hint(for: key.string ?? "", among: ComponentKind.ofRuns.map(\.rawValue)))
      }
      guard let name = value.string else {
        throw PluginError.invalid("\(source): the value must be the name of a component")
      }
      components[kind] = name
    }
  }

  private static func mapping(_ node: Node, _ path: String, _ what: String) throws -> Node.Mapping {
    guard let mapping = node.mapping else {
      throw PluginError.invalid(
        "\(OptionSource.file(path, line: node.mark?.line)): \(what) is not a mapping of names to values")
    }
    return mapping
  }

  /// What the reader of YAML takes for an alias, and perhaps a little more: those in texts count, too.
  private static func aliases(in text: String) -> Int {
    var (count, previous) = (0, UInt8(ascii: "\n"))
    for byte in text.utf8 {
      if previous == UInt8(ascii: "*"), byte >= 0x80 || byte == 0x2D || byte == 0x5F || isAlphanumeric(byte) {
        count += 1
      }
      previous = byte
    }
    return count
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private mutating func value(_ node: Node, _ path: String, depth: Int = 0) throws -> JSONValue {
    values += 1
    guard values <= Self.mostValues else {
      throw PluginError.invalid(
        "--config \(path) expands to more than \(Self.mostValues) values",
        hint: "aliases (*name) repeat the values that they name: write the values out")
    }
    // Anchors and aliases can nest without end.
    guard depth < 16 else {
      throw PluginError.invalid("\(OptionSource.file(path, line: node.mark?.line)): nested too deeply")
    }
    switch node {
    case .mapping(let mapping):
      var members: [String: JSONValue] = [:]
      for (key, member) in mapping { members[key.string ?? "?"] = try value(member, path, depth: depth + 1) }
      return .object(members)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence { elements.append(try value(element, path, depth: depth + 1)) }
      return .array(elements)
    case .scalar(let scalar):
      let plain = JSONValue.string(scalar.string)
      if node.tag == Tag(.null) { return .null }
      // YAML 1.1 takes 48:10 for a number to the base of 60, which nobody means here.
      if node.tag == Tag(.int) || node.tag == Tag(.float), scalar.string.contains(":") { return plain }
      if node.tag == Tag(.bool) { return node.bool.map(JSONValue.bool) ?? plain }
      if node.tag == Tag(.int) { return node.int.map(JSONValue.integer) ?? plain }
      if node.tag == Tag(.float), let number = node.float {
        guard number.isFinite else {
          throw PluginError.invalid(
            "\(OptionSource.file(path, line: node.mark?.line)): \(scalar.string) is no number that an option can have")
        }
        return .number(number)
      }
      return plain
    case .alias: throw PluginError.invalid("\(path): undefined alias")
    }
  }
}
