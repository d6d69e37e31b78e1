import FoundationEssentials
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

  init(path: String) throws {
    let text: String
    do {
      let size = try FileIdentity(of: path).size
      guard size <= Self.longest else {
        throw PluginError("it has \(size) bytes, at most \(Self.longest) are expected")
      }
      text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    } catch {
      throw PluginError.invalid("--config \(path) cannot be read: \(error)")
    }
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch { throw PluginError.invalid("--config \(path): \(error)") }
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
          "\(source): there is no scope '\(word)'",
          hint: Suggestion.hint(for: word, among: OptionScope.allCases.map(\.rawValue) + ["components"]))
      }
      for (name, value) in try Self.mapping(members, path, "'\(word)'") {
        assignments.append(
          OptionAssignment(
            scope: scope, name: name.string ?? "?", value: .value(try Self.value(value, path)),
            source: .file(path, line: name.mark?.line), folder: folder))
      }
    }
  }

  private mutating func readComponents(_ node: Node, _ path: String) throws {
    for (key, value) in try Self.mapping(node, path, "'components'") {
      let source = OptionSource.file(path, line: key.mark?.line)
      guard let kind = key.string.flatMap({ ComponentKind(rawValue: $0) }), ComponentKind.ofRuns.contains(kind) else {
        throw PluginError.invalid(
          "\(source): there is no kind '\(key.string ?? "?")' of components",
          hint: Suggestion.hint(for: key.string ?? "", among: ComponentKind.ofRuns.map(\.rawValue)))
      }
      guard let name = value.string else { throw PluginError.invalid("\(source): a component's name is needed") }
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

  private static func value(_ node: Node, _ path: String, depth: Int = 0) throws -> JSONValue {
    // Anchors and aliases can nest without end.
    guard depth < 16 else {
      throw PluginError.invalid("\(OptionSource.file(path, line: node.mark?.line)): nested too deeply")
    }
    switch node {
    case .mapping(let mapping):
      return .object(
        Dictionary(
          try mapping.map { ($0.key.string ?? "?", try value($0.value, path, depth: depth + 1)) }
        ) { _, last in last })
    case .sequence(let sequence): return .array(try sequence.map { try value($0, path, depth: depth + 1) })
    case .scalar(let scalar):
      let plain = JSONValue.string(scalar.string)
      if node.tag == Tag(.null) { return .null }
      if node.tag == Tag(.bool) { return node.bool.map(JSONValue.bool) ?? plain }
      if node.tag == Tag(.int) { return node.int.map(JSONValue.integer) ?? plain }
      if node.tag == Tag(.float) { return node.float.map(JSONValue.number) ?? plain }
      return plain
    case .alias: throw PluginError.invalid("\(path): an alias that leads nowhere")
    }
  }
}
