/// Learns what each thread is doing on the other side of the border. The host has one, which names who was called when a call crashes,
/// ends the process or does not return; a plugin has none. Texts live as long as the process.
package struct CallObserver: Sendable {
  package typealias Enter =
    @convention(c) @Sendable (
      _ who: UnsafePointer<CChar>?, _ what: UnsafePointer<CChar>?, _ split: UnsafePointer<CChar>?, _ index: Int64
    ) -> Void
  package typealias Leave = @convention(c) @Sendable () -> Void
  private let enter: Enter
  private let leave: Leave

  package init(enter: @escaping Enter, leave: @escaping Leave) { (self.enter, self.leave) = (enter, leave) }

  // Set before a plugin is loaded, and never again.
  nonisolated(unsafe) package static var current: CallObserver?

  /// Runs a call that the observer of this process, if there is one, learns of.
  static func during<Value>(
    _ who: UnsafePointer<CChar>?, _ what: UnsafePointer<CChar>, _ place: SamplePlace?, _ body: () throws -> Value
  ) rethrows -> Value {
    guard let current else { return try body() }
    current.enter(who, what, place?.splitName, place?.number ?? -1)
    defer { current.leave() }
    return try body()
  }
}

/// Which sample, or which of anything, a call is about.
package struct SamplePlace: Sendable, CustomStringConvertible {
  let index: Int
  let split: Split?

  package init(_ index: Int, of split: Split? = nil) { (self.index, self.split) = (index, split) }

  fileprivate var number: Int64 { Int64(index) }

  fileprivate var splitName: UnsafePointer<CChar>? {
    let name: StaticString
    switch split {
    case nil: return nil
    case .train: name = "train"
    case .validation: name = "validation"
    case .test: name = "test"
    }
    return name.pointer
  }

  package var description: String { split.map { "\(index) of \($0)" } ?? "\(index)" }
}

extension StaticString {
  /// The text, NUL-terminated.
  var pointer: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
