import CSentryPlugin

// The optional abilities of a model or trainer: a struct of functions each, made with the object and freed with it.

/// What an object offers beyond its kind, by the name of the extension.
final class Extensions: @unchecked Sendable {
  // Unchecked: written while the object is made, read afterwards.
  private var tables: [String: UnsafeMutableRawPointer] = [:]

  deinit { for table in tables.values { table.deallocate() } }

  func offer<Table>(_ id: String, _ table: UnsafeMutablePointer<Table>) { tables[id] = .init(table) }

  subscript(id: UnsafePointer<CChar>) -> UnsafeRawPointer? { tables[String(cString: id)].map { .init($0) } }
}

func exportMemory(_ estimate: @convention(c) (UnsafePointer<sentry_model>, Int64, UInt32) -> Int64)
  -> UnsafeMutablePointer<sentry_model_memory>
{
  let size = MemoryLayout<sentry_model_memory>.size
  let out = borderAllocate(size: size, sentry_model_memory.self)
  (out.pointee.struct_size, out.pointee.estimate) = (UInt32(size), estimate)
  return out
}

func exportProfile(_ take: @convention(c) (UnsafeRawPointer) -> UnsafePointer<CChar>)
  -> UnsafeMutablePointer<sentry_profile>
{
  let size = MemoryLayout<sentry_profile>.size
  let out = borderAllocate(size: size, sentry_profile.self)
  (out.pointee.struct_size, out.pointee.take) = (UInt32(size), take)
  return out
}

func exportSplit(
  _ set: @convention(c) (UnsafePointer<sentry_trainer>, Int64, UnsafeMutablePointer<sentry_error>) -> sentry_status
) -> UnsafeMutablePointer<sentry_trainer_split> {
  let size = MemoryLayout<sentry_trainer_split>.size
  let out = borderAllocate(size: size, sentry_trainer_split.self)
  (out.pointee.struct_size, out.pointee.set_size) = (UInt32(size), set)
  return out
}

/// Seconds that JSON has a number for.
func profileText(_ seconds: [String: Double]) -> OwnedCString {
  OwnedCString((try? JSON.text(seconds.filter { $0.value.isFinite })) ?? "{}")
}
