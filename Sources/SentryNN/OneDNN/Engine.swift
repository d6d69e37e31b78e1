import COneDNN

/// Turns a status of oneDNN into an error that names the primitive.
func check(_ status: dnnl_status_t, _ primitive: @autoclosure () -> String) throws {
  guard status != dnnl_success else { return }
  throw NNError(
    status == dnnl_unimplemented ? .unimplemented : .primitive,
    "oneDNN refused \(primitive()): \(String(cString: dnnl_status2str(status)))",
    hint: "report this with the output of `sentry doctor`")
}

/// oneDNN's CPU engine. Its own threads are held to one: ours call it.
final class Engine {
  let handle: dnnl_engine_t

  /// Only accepted before oneDNN's first primitive: a process keeps to the level it began with.
  private static let boundToAVX2 = dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2)
  private static let boundToAVX512 = dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx512_core)

  /// - Parameter level: a level below the CPU's best also bounds what oneDNN generates.
  init(level: CPULevel) throws {
    Self.useOneThread()
    if level == .avx2, CPULevel.avx512.isAvailable {
      try check(Self.boundToAVX2, "the level \(level.rawValue)")
    }
    if level == .avx512, CPULevel.avx512bf16.isAvailable {
      try check(Self.boundToAVX512, "the level \(level.rawValue)")
    }
    var handle: dnnl_engine_t?
    try check(dnnl_engine_create(&handle, dnnl_cpu, 0), "its CPU engine")
    guard let handle else { throw NNError(.primitive, "oneDNN gave no engine", hint: "check libdnnl2") }
    self.handle = handle
  }

  deinit { dnnl_engine_destroy(handle) }

  /// OpenMP's setting belongs to the calling thread and does not spread, and a host's pool was not started by us: so
  /// every call of oneDNN is preceded by this (some nanoseconds).
  @inline(__always) static func useOneThread() { omp_set_num_threads(1) }
}

final class Stream {
  let handle: dnnl_stream_t

  init(_ engine: Engine) throws {
    var handle: dnnl_stream_t?
    let flags = UInt32(dnnl_stream_default_flags.rawValue)
    try check(dnnl_stream_create(&handle, engine.handle, flags), "an execution stream")
    guard let handle else { throw NNError(.primitive, "oneDNN gave no stream", hint: "check libdnnl2") }
    self.handle = handle
  }

  deinit { dnnl_stream_destroy(handle) }
}
