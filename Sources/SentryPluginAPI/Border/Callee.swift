import CSentryPlugin
import Synchronization

/// A component of the other side, as errors and the host's guard name it.
public struct Callee: Sendable {
  /// `dataset 'x'`.
  package let title: String
  /// The title and the file, for as long as the process lives.
  private let name: Name

  private struct Name: @unchecked Sendable { let pointer: UnsafePointer<CChar> }
  /// Names that were given, so that a component which is made a thousand times takes memory once.
  private static let names = Mutex<[String: Name]>([:])

  /// - Parameters:
  ///   - title: `dataset 'x'`.
  ///   - file: where it comes from.
  package init(_ title: String, of file: String? = nil) {
    let text = file.map { "\(title) of \($0)" } ?? title
    self.title = title
    name = Self.names.withLock { names in
      if let name = names[text] { return name }
      let name = Name(pointer: OwnedCString.permanent(text))
      names[text] = name
      return name
    }
  }

  /// One of a kind, `sentry.dataset/1`, whose name is not known here.
  init(ofKind kind: String) {
    self.init("the \(kind.split(separator: "/")[0].split(separator: ".").last.map(String.init) ?? "component")")
  }

  /// Runs what happens over there, or what follows from it.
  package func during<Value>(_ what: StaticString, _ place: SamplePlace? = nil, _ body: () throws -> Value) rethrows
    -> Value
  { try CallObserver.during(name.pointer, what.pointer, place, body) }

  /// Runs what has no component yet, and is told by the title alone.
  package func alone<Value>(_ body: () throws -> Value) rethrows -> Value {
    try CallObserver.during(nil, name.pointer, nil, body)
  }

  /// Runs a call that returns a status. What goes wrong with a sample is told with its place; else the error is the component's own,
  /// unless it says nothing.
  func call(
    _ what: StaticString, _ place: SamplePlace? = nil,
    _ call: (UnsafeMutablePointer<sentry_error>) -> sentry_status
  ) throws {
    do {
      try during(what, place) { try acrossBorder(call) }
    } catch let error as PluginError where error.isSilent || place?.split != nil {
      throw named(error, what, place)
    }
  }

  /// Looks at what a call gave. What is wrong with it is the component's fault, and is told with its name.
  func judge<Value>(_ what: StaticString, _ place: SamplePlace? = nil, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as PluginError { throw named(error, what, place) }
  }

  private func named(_ error: PluginError, _ what: StaticString, _ place: SamplePlace?) -> PluginError {
    let message = error.isSilent ? PluginError.silence(error.code) : error.message
    return PluginError(
      "\(title), \(what)\(place.map { " \($0)" } ?? ""): \(message)", hint: error.hint, code: error.code)
  }
}
