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
}
