import CSentryPlugin

// The author's side: a Swift value becomes a C object. The closures are @convention(c), so they capture nothing: the value
// travels in `context`, boxed, and each function receives the object itself as its first argument.

/// A dataset with the texts that its caller may look at: the description stays valid with it, the statistics until the next
/// call for them, which comes from the main thread alone.
private final class DatasetExport: @unchecked Sendable {
  let dataset: any Dataset
  let description: OwnedCString
  var statistics = OwnedCString("")
  init(_ dataset: any Dataset) throws {
    self.dataset = dataset
    description = OwnedCString(try JSON.text(dataset.specification))
  }
}

private func split(_ raw: Int32) throws -> Split {
  guard let split = Split(rawValue: raw) else { throw PluginError.invalid("there is no split number \(raw)") }
  return split
}

func export(_ dataset: any Dataset) throws -> UnsafeMutablePointer<sentry_dataset> {
  typealias Context = Box<DatasetExport>
  let size = MemoryLayout<sentry_dataset>.size
  let context = Context(try DatasetExport(dataset)).retained()
  let out = borderAllocate(size: size, sentry_dataset.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.count = { me, raw in
    Split(rawValue: raw).map { Int64(Context.at(me.pointee.context).dataset.count(in: $0)) } ?? 0
  }
  out.pointee.targets = { me, raw, index, targets, error in
    guarded(error) {
      let values = try Context.at(me.pointee.context).dataset.targets(at: Int(index), in: split(raw))
      for (task, value) in values.enumerated() { targets[task] = Int64(value ?? Int(SENTRY_TARGET_MISSING)) }
    }
  }
  out.pointee.sample = { me, raw, index, sample, error in
    guarded(error) {
      sample.pointee = try Context.at(me.pointee.context).dataset.sample(at: Int(index), in: split(raw)).exported()
    }
  }
  out.pointee.name = { me, raw, index, buffer, capacity in
    guard let split = Split(rawValue: raw) else { return 0 }
    let name = Context.at(me.pointee.context).dataset.name(at: Int(index), in: split)
    let bytes = Array(name.utf8)
    if let buffer, capacity > 0 {
      let length = min(bytes.count, Int(capacity) - 1)
      for position in 0..<length { buffer[position] = CChar(bitPattern: bytes[position]) }
      buffer[length] = 0
    }
    return Int64(bytes.count)
  }
  out.pointee.group = { me, raw, index in
    guard let split = Split(rawValue: raw) else { return -1 }
    return Int64(Context.at(me.pointee.context).dataset.group(at: Int(index), in: split) ?? -1)
  }
  out.pointee.get_extension = { me, id in
    guard String(cString: id) == SENTRY_EXTENSION_DATASET_STATISTICS,
      let dataset = Context.at(me.pointee.context).dataset as? any MeasuredDataset, dataset.isMeasured
    else { return nil }
    return UnsafeRawPointer(statisticsExtension.pointer)
  }
  return out
}

/// One for all datasets of the plugin, kept for good: it holds no state.
private let statisticsExtension = SendablePointer(UnsafeMutableRawPointer(exportStatistics()))

private func exportStatistics() -> UnsafeMutablePointer<sentry_dataset_statistics> {
  typealias Context = Box<DatasetExport>
  let size = MemoryLayout<sentry_dataset_statistics>.size
  let out = borderAllocate(size: size, sentry_dataset_statistics.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.statistics = { me, raw, indices, count, json, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      guard let dataset = this.dataset as? any MeasuredDataset else {
        throw PluginError("the dataset has no statistics", code: SENTRY_UNSUPPORTED)
      }
      let wanted = (0..<Int(count)).map { Int(indices[$0]) }
      this.statistics = OwnedCString(try JSON.text(try dataset.statistics(of: wanted, in: split(raw))))
      json.pointee = this.statistics.pointer
    }
  }
  return out
}
