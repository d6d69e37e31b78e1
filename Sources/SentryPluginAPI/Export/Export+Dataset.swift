import CSentryPlugin

private func split(_ raw: Int32) throws -> Split {
  guard let split = Split(rawValue: raw) else { throw PluginError.invalid("unknown split number \(raw)") }
  return split
}

private typealias Context = Box<Exported<any Dataset>>

func export(_ dataset: any Dataset) throws -> UnsafeMutablePointer<sentry_dataset> {
  let size = MemoryLayout<sentry_dataset>.size
  let context = Context(Exported(dataset as any Dataset, description: try JSON.text(dataset.specification))).retained()
  let out = borderAllocate(size: size, sentry_dataset.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.count = { me, raw in
    Split(rawValue: raw).map { Int64(Context.at(me.pointee.context).value.count(in: $0)) } ?? 0
  }
  out.pointee.targets = { me, raw, index, targets, error in
    guarded(error) {
      let values = try Context.at(me.pointee.context).value.targets(at: Int(index), in: split(raw))
      for (task, value) in values.enumerated() { targets[task] = Int64(value ?? Int(SENTRY_TARGET_MISSING)) }
    }
  }
  out.pointee.sample = { me, raw, index, sample, error in
    guarded(error) {
      sample.pointee = try Context.at(me.pointee.context).value.sample(at: Int(index), in: split(raw)).exported()
    }
  }
  out.pointee.name = { me, raw, index, buffer, capacity in
    guard let split = Split(rawValue: raw) else { return 0 }
    let name = Context.at(me.pointee.context).value.name(at: Int(index), in: split)
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
    return Int64(Context.at(me.pointee.context).value.group(at: Int(index), in: split) ?? -1)
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  /// - Parameter score: how well a path looks like data for this dataset, 0 to 100; a quick look at names and headers.
  public static func dataset(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [], score: (@Sendable (String) -> Int)? = nil,
    make: @escaping @Sendable (CreationContext) throws -> any Dataset
  ) -> Component {
    Component(SENTRY_KIND_DATASET, name, summary, options, score: score, make) { component, _ in
      .init(try export(component))
    }
  }
}

private let extensions: [ExtensionOffer<any Dataset>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_DATASET_STATISTICS, size: MemoryLayout<sentry_dataset_statistics>.size,
    of: { ($0 as? any StatisticsProviding)?.providesStatistics == true }
  ) { (table: UnsafeMutablePointer<sentry_dataset_statistics>) in
    table.pointee.statistics = { me, raw, indices, count, json, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        let wanted = (0..<Int(count)).map { Int(indices[$0]) }
        let statistics = try this.with((any StatisticsProviding).self).statistics(of: wanted, in: split(raw))
        json.pointee = this.lend(try JSON.text(statistics), as: "statistics")
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_DATASET_SOFT_TARGETS, size: MemoryLayout<sentry_dataset_soft_targets>.size,
    of: { ($0 as? any SoftTargetProviding)?.providesSoftTargets == true }
  ) { (table: UnsafeMutablePointer<sentry_dataset_soft_targets>) in
    table.pointee.probabilities = { me, raw, index, probabilities, error in
      guarded(error) {
        let dataset = try Context.at(me.pointee.context).with((any SoftTargetProviding).self)
        let targets = try dataset.softTargets(at: Int(index), in: split(raw))
        var place = 0
        for (task, target) in zip(dataset.specification.tasks, targets) {
          let values = target ?? [Float](repeating: .nan, count: task.classes.count)
          guard values.count == task.classes.count else {
            throw PluginError.badData(
              "\(values.count) probabilities for '\(task.name)', which has \(task.classes.count) classes")
          }
          for value in values {
            probabilities[place] = value
            place += 1
          }
        }
      }
    }
  },
]
