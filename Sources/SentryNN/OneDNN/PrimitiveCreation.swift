import COneDNN

/// Makes what runs from a primitive's description, where there is room for its code: the one place that every primitive which
/// keeps its description comes through.
///
/// - Returns: both, for the caller to destroy.
/// - Throws: ``NNError``; the description is then destroyed.
func makePrimitive(_ name: String, of descriptor: dnnl_primitive_desc_t?) throws -> (
  descriptor: dnnl_primitive_desc_t, primitive: dnnl_primitive_t
) {
  guard let descriptor else { throw NNError(.primitive, "oneDNN gave no \(name)", hint: "check libdnnl2") }
  do {
    try AddressSpace.requireRoom(for: .primitive, name)
    var primitive: dnnl_primitive_t?
    try check(dnnl_primitive_create(&primitive, descriptor), name)
    guard let primitive else { throw NNError(.primitive, "oneDNN gave no \(name)", hint: "check libdnnl2") }
    return (descriptor, primitive)
  } catch {
    dnnl_primitive_desc_destroy(descriptor)
    throw error
  }
}
