/// A component of the other side as a Swift value: the reverse adapters. The host uses all of them; a trainer plugin uses
/// ``ImportedModel``.
public protocol ImportedComponent: Sendable {
  /// The kind's id: `sentry.model/1`.
  static var kind: String { get }

  /// Takes an object of that kind over, and destroys it in the end.
  /// - Parameter callee: who it is, for errors.
  init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws
}

extension ImportedComponent {
  public init(adopting object: UnsafeMutableRawPointer) throws {
    try self.init(adopting: object, as: Callee(ofKind: Self.kind))
  }
}
