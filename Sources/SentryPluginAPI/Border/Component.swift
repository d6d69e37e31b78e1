/// The input for creating a component: the checked options, and the host.
public struct CreationContext: Sendable {
  public let options: Options
  public let host: Host
}

/// One component of a plugin: its description and the function that creates it. Each kind adds a factory method:
/// `.dataset("mine", "My faces") { … }`.
public struct Component: Sendable {
  let kind, name, summary: String
  let options: [OptionDeclaration]
  let score: (@Sendable (String) -> Int)?
  /// Throws where the component cannot work on a device; nil: it works everywhere.
  private(set) var available: (@Sendable (String) throws -> Void)?
  /// Gives the object of the border.
  let create: @Sendable (CreationContext) throws -> UnsafeMutableRawPointer

  /// - Parameters:
  ///   - kind: the id of the kind in the border.
  ///   - score: how well a path looks like data of the component, from 0 to 100; nil if it reads no paths.
  ///   - export: the adapter of the kind.
  init<Value>(
    _ kind: String, _ name: String, _ summary: String, _ options: [OptionDeclaration],
    score: (@Sendable (String) -> Int)? = nil, _ make: @escaping @Sendable (CreationContext) throws -> Value,
    export: @escaping @Sendable (Value, Host) throws -> UnsafeMutableRawPointer
  ) {
    (self.kind, self.name, self.summary, self.options, self.score) = (kind, name, summary, options, score)
    create = { try export(try make($0), $0.host) }
  }

  /// The component with a check of whether it can work on a device in this process.
  ///
  /// - Parameter check: gets `cpu`, `cuda`, `cuda:1`, or `auto` for any device but the CPU; throws a ``PluginError`` that says why
  ///   the component cannot work there. Must be quick: it makes no component.
  public func checkingDevices(_ check: @escaping @Sendable (_ device: String) throws -> Void) -> Component {
    var component = self
    component.available = check
    return component
  }
}
