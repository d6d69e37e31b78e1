import CSentryPlugin
import Synchronization

/// A component on its way to C: the value, its description, and the texts that the other side has borrowed.
///
/// Functions of the border are `@convention(c)`, so they capture nothing: this travels in `context`, boxed, and each function
/// receives the object itself as its first argument.
class Exported<Value>: @unchecked Sendable {
  // Unchecked: the values are Sendable, by their protocols; what changes is behind the mutex or, in a subclass, in functions
  // that the border lets nobody call at the same time.
  let value: Value
  let description: OwnedCString
  private let lent = Mutex<[String: OwnedCString]>([:])

  /// - Parameter description: what `describe` tells.
  init(_ value: Value, description: String = "") {
    (self.value, self.description) = (value, OwnedCString(description))
  }

  /// The value with an ability that not every value of its kind has.
  func with<Ability>(_ ability: Ability.Type) throws -> Ability {
    guard let able = value as? Ability else {
      throw PluginError("\(type(of: value)) does not conform to \(ability)", code: SENTRY_UNSUPPORTED)
    }
    return able
  }

  /// A text that the caller may look at until the next call for one of the same name.
  func lend(_ text: String, as name: String) -> UnsafePointer<CChar> {
    let text = OwnedCString(text)
    lent.withLock { $0[name] = text }
    return text.pointer
  }

  /// The same, made once and kept: borrowed until the object is destroyed.
  func lendForGood(as name: String, _ make: () throws -> String) rethrows -> UnsafePointer<CChar> {
    if let known = lent.withLock({ $0[name] }) { return known.pointer }
    return lend(try make(), as: name)
  }

  /// What `get_extension` gives.
  func offer(_ id: UnsafePointer<CChar>, among offers: [ExtensionOffer<Value>]) -> UnsafeRawPointer? {
    let id = String(cString: id)
    return offers.first { $0.id == id && $0.isOffered(value) }?.table
  }
}

/// An extension that values of one kind may have: a table of functions, made once and kept for good, because the value comes
/// with each call.
struct ExtensionOffer<Value>: @unchecked Sendable {
  // Unchecked: the table is filled here and never changes.
  let id: String
  let table: UnsafeRawPointer
  let isOffered: @Sendable (Value) -> Bool

  /// - Parameters:
  ///   - size: of the table, as the caller's compiler knows it; see ``borderAllocate(size:_:)``.
  ///   - isOffered: whether a value has it; the answer does not change while the value lives.
  ///   - fill: sets the functions.
  init<Table>(
    _ id: String, size: Int, of isOffered: @escaping @Sendable (Value) -> Bool,
    _ fill: (UnsafeMutablePointer<Table>) -> Void
  ) {
    let table = borderAllocate(size: size, Table.self)
    // Every struct of the border starts with its size.
    UnsafeMutableRawPointer(table).storeBytes(of: UInt32(size), as: UInt32.self)
    fill(table)
    (self.id, self.table, self.isOffered) = (id, UnsafeRawPointer(table), isOffered)
  }
}
