import CSentryPlugin

// How the reverse adapters look at what the other side made.

/// What is wrong with a struct of functions itself, before any of them is called: it must be as long as it was when it came, and what
/// was there then must not be null.
package enum StructFlaw: CustomStringConvertible {
  case short(size: UInt32, least: Int)
  case null(function: Int)

  /// nil: it can be used.
  /// - Parameter first: where its functions begin: 8 in an extension, 16 in an object, which has a context.
  package init?(of object: UnsafeRawPointer, functionsFrom first: Int, to least: Int) {
    let (size, word) = (object.load(as: UInt32.self), MemoryLayout<UInt>.size)
    guard size >= UInt32(least) else {
      self = .short(size: size, least: least)
      return
    }
    // Null is no value of the types that Swift gives to these members: they are read as words.
    let null = stride(from: first, to: least, by: word).first { object.load(fromByteOffset: $0, as: UInt.self) == 0 }
    guard let null else { return nil }
    self = .null(function: (null - first) / word + 1)
  }

  package var description: String {
    switch self {
    case .short(let size, let least): "struct_size is \(size), expected at least \(least)"
    case .null(let function): "function \(function) of its struct is null"
    }
  }

  func error(in what: String) -> PluginError {
    switch self {
    case .short: PluginError("\(what).\(self)", hint: "the plugin must set it to the size of its struct")
    case .null: PluginError("\(what): \(self)", hint: "the plugin must set all functions of the struct")
    }
  }
}

/// Checks an object of the border.
func checkObject(_ object: UnsafeRawPointer, atLeast size: UInt32, _ what: String) throws {
  if let flaw = StructFlaw(of: object, functionsFrom: 16, to: Int(size)) { throw flaw.error(in: what) }
}

/// A text that must be there.
func given(_ pointer: UnsafePointer<CChar>, _ what: String) throws -> String {
  guard UInt(bitPattern: pointer) != 0 else { throw PluginError("the plugin returned nothing: \(what) is missing") }
  return String(cString: pointer)
}

/// What a component says of itself.
func described<Description: ComponentDescription>(_ text: UnsafePointer<CChar>) throws -> Description {
  try Description(text: given(text, Description.title))
}

/// An extension of an object; nil where the object does not offer it.
///
/// One rule for short ones: a struct that is shorter than it was when the extension came is refused, as a short object is. Who
/// offers it means it, and a run that went on without it would be another than the plugin's author had in mind. So the adapters
/// look all of a kind's extensions up when they take an object over.
///
/// - Parameters:
///   - size: that of the extension when it came, `SENTRY_…_SIZE_1_0`.
///   - find: the object's `get_extension`.
func offered<Table>(
  _ id: String, atLeast size: UInt32, as type: Table.Type, _ find: (UnsafePointer<CChar>) -> UnsafeRawPointer?
) throws -> UnsafePointer<Table>? {
  guard let table = find(id) else { return nil }
  if let flaw = StructFlaw(of: table, functionsFrom: 8, to: Int(size)) { throw flaw.error(in: id) }
  return table.assumingMemoryBound(to: type)
}

/// The extension, from an object that was asked for what only it can do.
func required<Table>(_ table: UnsafePointer<Table>?, _ id: String) throws -> UnsafePointer<Table> {
  guard let table else { throw PluginError("the plugin does not offer \(id)", code: SENTRY_UNSUPPORTED) }
  return table
}

/// A tensor slot that the callee reported as filled.
func handedOver(_ tensor: UnsafeMutablePointer<sentry_managed_tensor>?) throws -> Tensor {
  guard let tensor else { throw PluginError("the plugin reported success but returned no tensor") }
  return try Tensor(adopting: tensor)
}

/// Runs a call that gives JSON, and reads it.
/// - Parameters:
///   - what: what the text is, for errors.
///   - task: what the callee is doing.
func reported<Value: Decodable>(
  _ what: String, by callee: Callee, _ task: StaticString,
  _ call: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<sentry_error>) -> sentry_status
) throws -> Value {
  var text: UnsafePointer<CChar>?
  try callee.call(task) { call(&text, $0) }
  guard let text else { throw PluginError("the plugin reported success but returned nothing: \(what) is missing") }
  return try JSON.decode(from: String(cString: text), what: what)
}

/// Seconds by class of operation since the last call, of an object that offers `SENTRY_EXTENSION_PROFILE`.
func profile(_ table: UnsafePointer<sentry_profile>?, of object: UnsafeRawPointer) throws -> [String: Double]? {
  guard let table else { return nil }
  return try JSON.decode(from: given(table.pointee.take(object), "a profile"), what: "a profile")
}
