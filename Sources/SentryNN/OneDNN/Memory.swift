import COneDNN

typealias MemoryDescriptor = dnnl_memory_desc_t

/// A dense tensor; with `tag` `dnnl_format_tag_any` oneDNN chooses the layout.
func describe(_ dimensions: [Int], _ tag: dnnl_format_tag_t, _ precision: Precision = .f32) throws -> MemoryDescriptor {
  let type = precision == .f32 ? dnnl_f32 : dnnl_bf16
  var descriptor = MemoryDescriptor()
  let sizes = dimensions.map { dnnl_dim_t($0) }
  try check(
    dnnl_memory_desc_init_by_tag(&descriptor, Int32(sizes.count), sizes, type, tag), "a layout of \(dimensions)")
  return descriptor
}

func byteCount(_ descriptor: MemoryDescriptor) -> Int {
  withUnsafePointer(to: descriptor) { dnnl_memory_desc_get_size($0) }
}

func isSame(_ a: MemoryDescriptor, _ b: MemoryDescriptor) -> Bool {
  withUnsafePointer(to: a) { a in withUnsafePointer(to: b) { dnnl_memory_desc_equal(a, $0) != 0 } }
}

/// oneDNN's view of memory that somebody else owns.
final class MemoryObject {
  let handle: dnnl_memory_t

  init(_ descriptor: MemoryDescriptor, _ engine: Engine) throws {
    var handle: dnnl_memory_t?
    var descriptor = descriptor
    try check(dnnl_memory_create(&handle, &descriptor, engine.handle, nil), "a memory object")
    guard let handle else { throw NNError(.primitive, "oneDNN gave no memory object", hint: "check libdnnl2") }
    self.handle = handle
  }

  deinit { dnnl_memory_destroy(handle) }

  func point(at pointer: UnsafeMutableRawPointer) throws {
    try check(dnnl_memory_set_data_handle(handle, pointer), "a data pointer")
  }
}
