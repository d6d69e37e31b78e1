import SentryPluginAPI
import SentryPluginTestKit
import SentryRuntime

/// The plugin under check in the process of one check, and the component that it is about.
struct CheckedPlugin: Sendable {
  let file: String
  /// Of a check of the file: nil.
  let component: PluginDeclaration.Component?
  /// What `--data` and `--set` gave.
  let assignments: [OptionAssignment]
  /// Whether the process ends with the check, which may leave it in any state.
  let isAlone: Bool
  /// ``digest(of:)`` of what the plugin declared in another process; nil: it did not load there.
  let declared: String?

  func loaded() throws -> LoadedPlugin { try LoadedPlugin.checked(file) }

  /// Of what a probe keeps of a declaration, and a host relies on later.
  static func digest(of declaration: PluginDeclaration) throws -> String {
    var kept = declaration
    // They are the loader's.
    (kept.libraries, kept.foreign) = ([], nil)
    for index in kept.components.indices { kept.components[index].availability = nil }
    return FileIdentity.sha256(ofText: try JSON.text(kept))
  }

  /// Makes the component with its defaults, what the user set, and what a host fills in.
  ///
  /// - Parameters:
  ///   - seed: of random weights, where the component has the option.
  ///   - extra: options in place of these.
  func make<Imported: ImportedComponent>(seed: UInt64 = 1, _ extra: [String: JSONValue] = [:]) throws -> Imported {
    try object(seed: seed, extra).adopted(by: Imported.self)
  }

  /// Throws ``Finding/skip(_:)`` where it cannot be made without data, and there are none.
  func object(seed: UInt64 = 1, _ extra: [String: JSONValue] = [:]) throws -> RawComponent {
    let options = try options(seed: seed).merging(extra) { _, new in new }
    do {
      return try object(options)
    } catch let error where !(error is Finding) {
      let (_, kind) = try known()
      let path = OptionSchema.pathOption
      guard kind == .dataset, try schema().properties[path]?.isPath == true, (options[path]?.stringValue ?? "").isEmpty
      else { throw error }
      throw Finding.skip("it needs data (\(error)): --data PATH")
    }
  }

  private func object(_ options: [String: JSONValue]) throws -> RawComponent {
    let (component, kind) = try known()
    func make(_ options: [String: JSONValue]) throws -> RawComponent {
      try RawComponent(kind, component.name, of: loaded(), options: try JSON.text(JSONValue.object(options)))
    }
    guard try schema().properties["input"]?.isHostFilled == true, options["input"] == nil else {
      return try make(options)
    }
    // What comes before it is not known here: the first of some usual inputs that it takes.
    var problem: (any Error)?
    for input in Self.usualInputs(of: kind) {
      do {
        return try make(options.merging(["input": Self.json(input)]) { _, new in new })
      } catch {
        problem = problem ?? error
      }
    }
    throw problem ?? PluginError("no input is known for a \(kind.rawValue)")
  }

  /// A dataset with the data that it reads. Throws ``Finding/skip(_:)`` where it reads none, or none were given.
  func files() throws -> DatasetOfFiles {
    let path = OptionSchema.pathOption
    guard try schema().properties[path]?.isPath == true else { throw Finding.skip("it reads no path") }
    guard let data = try options(seed: 1)[path]?.stringValue, !data.isEmpty else {
      throw Finding.skip("it needs data: --data PATH")
    }
    return DatasetOfFiles(data) { try make([path: .string($0)]) as ImportedDataset }
  }

  func known() throws -> (PluginDeclaration.Component, ComponentKind) {
    guard let component, let kind = component.knownKind else { throw PluginError("the check is of no component") }
    return (component, kind)
  }

  func schema() throws -> OptionSchema { try OptionSchema(known().0.schema, what: "its schema") }

  /// Throws ``Finding/skip(_:)`` where the component needs a file that is not installed, or does not work on this machine.
  func requireUsable() throws {
    let (component, kind) = try known()
    let given = Set(assignments.filter { $0.scope == OptionScope(kind) }.map(\.name))
    for option in try schema().settable where !given.contains(option.name) {
      guard let file = option.requiredFile, (option.fallback?.stringValue ?? "").isEmpty else { continue }
      throw Finding.skip("it needs its file \(file.name): --set \(kind.rawValue).\(option.name)=PATH")
    }
    if component.asksDevices, let hindrance = try loaded().hindrance(kind, component.name, on: Self.device) {
      throw Finding.skip("it does not work here: \(hindrance)")
    }
  }

  private static let device = "cpu"

  private func options(seed: UInt64) throws -> [String: JSONValue] {
    let (component, kind) = try known()
    let schema = try schema()
    let scope = OptionScope(kind)
    let resolver = OptionResolver(holders: [
      scope: OptionHolder(title: "\(kind.rawValue) '\(component.name)'", schema: schema)
    ])
    // Another component of its kind may have the others.
    var values = try resolver.resolve(scope, assignments.filter { resolver.has($0.scope, $0.name) })
    let filled: [String: JSONValue] = [
      "tasks": [["name": "task", "classes": ["a", "b", "c"]]], "device": .string(Self.device),
      "seed": .integer(Int(truncatingIfNeeded: seed)),
    ]
    for (name, value) in filled
    where schema.properties[name]?.isHostFilled == true || name == "seed" && values[name] != nil {
      values[name] = value
    }
    return values
  }

  private static func usualInputs(of kind: ComponentKind) -> [TensorSpecification] {
    let pictures = TensorSpecification(.uint8, [-1, -1, -1], layout: "HWC")
    let sequences = [TensorSpecification(.float32, [30, 15]), TensorSpecification(.float32, [-1, 15])]
    let rest = [
      TensorSpecification(.float32, [1, 48, 48]), TensorSpecification(.float32, [3, 64, 64]),
      TensorSpecification(.float32, [64]), TensorSpecification(.float32, [1280]),
    ]
    return kind == .augmenter ? [pictures] + sequences + rest : sequences + rest
  }

  private static func json(_ value: some Encodable) throws -> JSONValue {
    try JSON.decode(from: try JSON.text(value), what: "an input")
  }
}
