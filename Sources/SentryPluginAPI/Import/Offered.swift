import CSentryPlugin

// How the reverse adapters look at what the other side made.

/// Checks that an object of the border is at least as long as it was in 1.0.
func checkSize(_ size: UInt32, atLeast minimum: UInt32, _ what: String) throws {
  guard size >= minimum else {
    throw PluginError(
      "\(what).struct_size is \(size), expected at least \(minimum)",
      hint: "the plugin must set it to the size of its struct")
  }
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
  // Every struct of the border starts with its size.
  try checkSize(table.load(as: UInt32.self), atLeast: size, id)
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
/// - Parameter what: what the text is, for errors.
func reported<Value: Decodable>(
  _ what: String,
  _ call: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<sentry_error>) -> sentry_status
) throws -> Value {
  var text: UnsafePointer<CChar>?
  try acrossBorder { call(&text, $0) }
  guard let text else { throw PluginError("the plugin reported success but returned nothing: \(what) is missing") }
  return try JSON.decode(from: String(cString: text), what: what)
}

/// Seconds by class of operation since the last call, of an object that offers `SENTRY_EXTENSION_PROFILE`.
func profile(_ table: UnsafePointer<sentry_profile>?, of object: UnsafeRawPointer) throws -> [String: Double]? {
  guard let table else { return nil }
  return try JSON.decode(from: String(cString: table.pointee.take(object)), what: "a profile")
}
