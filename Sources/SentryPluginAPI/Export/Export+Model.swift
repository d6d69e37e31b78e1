import CSentryPlugin

private final class ModelExport: Exported<any Model>, @unchecked Sendable {
  let outputCount: Int
  let parameters: NamedTensorViews

  init(_ model: any Model) throws {
    let specification = model.specification
    outputCount = specification.outputs.count
    parameters = NamedTensorViews(model.parameters)
    super.init(model, description: try JSON.text(specification))
  }

  /// The gradients of the outputs.
  func tensors(_ gradients: UnsafePointer<UnsafePointer<sentry_tensor>?>) throws -> [Tensor?] {
    try (0..<outputCount).map { try gradients[$0].map(Tensor.init(unowned:)) }
  }
}

private typealias Context = Box<ModelExport>

func export(_ model: any Model) throws -> UnsafeMutablePointer<sentry_model> {
  let size = MemoryLayout<sentry_model>.size
  let context = Context(try ModelExport(model)).retained()
  let out = borderAllocate(size: size, sentry_model.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.parameter_count = { Int64(Context.at($0.pointee.context).parameters.count) }
  out.pointee.parameter = { me, index, out, error in
    guarded(error) { try Context.at(me.pointee.context).parameters.fill(out, at: index) }
  }
  out.pointee.forward = { me, input, flags, seed, outputs, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      let training = flags & SENTRY_FORWARD_TRAINING != 0
      let results = try Tensor.borrowed(input) { (input: Tensor) -> [Tensor?] in
        if flags & SENTRY_FORWARD_SAMPLE == 0 {
          let logitsOnly = flags & SENTRY_FORWARD_LOGITS_ONLY != 0
          return try logitsOnly
            ? this.value.logits(input, training: training, seed: seed)
            : this.value.forward(input, training: training, seed: seed)
        }
        guard !training, this.value.specification.stochastic == true, let model = this.value as? any SamplingModel
        else {
          throw PluginError("the model does not sample its predictions", code: SENTRY_UNSUPPORTED)
        }
        return try model.sample(input, seed: seed)
      }
      guard results.count == this.outputCount else {
        throw PluginError("the model described \(this.outputCount) outputs and returned \(results.count)")
      }
      for (slot, result) in results.enumerated() { outputs[slot] = result?.exported() }
    }
  }
  out.pointee.backward = { me, gradients, flags, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      try this.value.backward(try this.tensors(gradients), accumulate: flags & SENTRY_BACKWARD_ACCUMULATE != 0)
    }
  }
  out.pointee.parameters_changed = { me, error in
    guarded(error) { try Context.at(me.pointee.context).value.parametersChanged() }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  public static func model(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any Model
  ) -> Component {
    Component(SENTRY_KIND_MODEL, name, summary, options, make) { component, _ in .init(try export(component)) }
  }
}

private let extensions: [ExtensionOffer<any Model>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_UPDATE, size: MemoryLayout<sentry_model_update>.size,
    of: { ($0 as? any SelfUpdatingModel)?.updatesItself == true }
  ) { (table: UnsafeMutablePointer<sentry_model_update>) in
    func model(_ me: UnsafePointer<sentry_model>) throws -> any SelfUpdatingModel {
      try Context.at(me.pointee.context).with((any SelfUpdatingModel).self)
    }
    table.pointee.update = { me, settings, norm, error in
      guarded(error) { norm.pointee = try model(me).update(String(cString: settings)) }
    }
    table.pointee.transfer = { me, name, write, tensor, error in
      guarded(error) {
        try Tensor.borrowed(tensor) { try model(me).transfer(String(cString: name), $0, write: write != 0) }
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_GRAPH, size: MemoryLayout<sentry_model_graph>.size, of: { $0 is any GraphDescribingModel }
  ) { (table: UnsafeMutablePointer<sentry_model_graph>) in
    table.pointee.graph = { me, text, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        text.pointee = try this.lendForGood(as: "graph") {
          try JSON.text(this.with((any GraphDescribingModel).self).graph())
        }
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_MEMORY, size: MemoryLayout<sentry_model_memory>.size,
    of: { $0 is any MemoryEstimatingModel }
  ) { (table: UnsafeMutablePointer<sentry_model_memory>) in
    table.pointee.estimate = { me, batch, flags in
      let model = Context.at(me.pointee.context).value as? any MemoryEstimatingModel
      let training = flags & SENTRY_FORWARD_TRAINING != 0
      return Int64(model?.estimatedBytes(batchSize: Int(batch), training: training) ?? 0)
    }
    table.pointee.available = { me in
      let model = Context.at(me.pointee.context).value as? any MemoryEstimatingModel
      return Int64(model?.availableBytes ?? -1)
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_INPUT, size: MemoryLayout<sentry_model_input>.size, of: { $0 is any InputStagingModel }
  ) { (table: UnsafeMutablePointer<sentry_model_input>) in
    func model(_ me: UnsafePointer<sentry_model>) -> (any InputStagingModel)? {
      Context.at(me.pointee.context).value as? any InputStagingModel
    }
    table.pointee.allocate = { me, size in model(me)?.allocateInput(byteCount: Int(clamping: size)) }
    table.pointee.release = { me, memory in model(me)?.releaseInput(memory) }
    table.pointee.stage = { me, input in
      // Only a hint: what cannot be looked at is none.
      model(me)?.stage(input.flatMap { try? Tensor(unowned: $0) })
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_SHARE, size: MemoryLayout<sentry_model_share>.size, of: { $0 is any SharingModel }
  ) { (table: UnsafeMutablePointer<sentry_model_share>) in
    table.pointee.set = { me, first, rows, whole, error in
      guarded(error) {
        try Context.at(me.pointee.context).with((any SharingModel).self).useShare(
          BatchShare(first: Int(first), rows: Int(rows), whole: Int(whole)))
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_MODEL_BACKWARD, size: MemoryLayout<sentry_model_backward>.size, of: { $0 is any StagedModel }
  ) { (table: UnsafeMutablePointer<sentry_model_backward>) in
    table.pointee.backward = { me, gradients, flags, ready, context, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        try this.with((any StagedModel).self).backward(
          try this.tensors(gradients), accumulate: flags & SENTRY_BACKWARD_ACCUMULATE != 0
        ) { ready(context, Int64($0)) }
      }
    }
  },
  profileOffer { Context.at($0.assumingMemoryBound(to: sentry_model.self).pointee.context).takeProfile() },
]
