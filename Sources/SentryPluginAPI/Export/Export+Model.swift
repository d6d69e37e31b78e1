import CSentryPlugin

/// The C views of named tensors, which stay valid as long as they live.
final class NamedTensorViews: @unchecked Sendable {
  private let views: [(name: OwnedCString, flags: UInt32, value: TensorView, gradient: TensorView?)]
  var count: Int { views.count }

  init(_ tensors: [NamedTensor]) {
    views = tensors.map { tensor in
      let flags =
        switch tensor.role {
        case .trainable: SENTRY_TENSOR_TRAINABLE
        case .buffer: SENTRY_TENSOR_BUFFER
        case .frozen: UInt32(0)
        }
      return (OwnedCString(tensor.name), flags, TensorView(tensor.value), tensor.gradient.map(TensorView.init))
    }
  }

  func fill(_ out: UnsafeMutablePointer<sentry_named_tensor>, at index: Int64) throws {
    guard out.pointee.struct_size >= SENTRY_NAMED_TENSOR_SIZE_1_0 else {
      throw PluginError.invalid("sentry_named_tensor.struct_size is \(out.pointee.struct_size)")
    }
    guard views.indices.contains(Int(index)) else {
      throw PluginError.invalid("there is no tensor \(index), only \(views.count)")
    }
    let view = views[Int(index)]
    out.pointee.flags = view.flags
    out.pointee.name = view.name.pointer
    out.pointee.value = view.value.pointer
    out.pointee.gradient = view.gradient?.pointer
  }
}

private final class ModelExport: @unchecked Sendable {
  let model: any Model
  let description: OwnedCString
  let outputCount: Int
  let parameters: NamedTensorViews
  let extensions = Extensions()
  var profile = OwnedCString("{}")
  /// Made when it is first asked for, and kept: the other side has borrowed it.
  var graphText: OwnedCString?

  init(_ model: any Model) throws {
    self.model = model
    let specification = model.specification
    description = OwnedCString(try JSON.text(specification))
    outputCount = specification.outputs.count
    parameters = NamedTensorViews(model.parameters)
    if (model as? any SelfUpdatingModel)?.updatesItself == true {
      extensions.offer(SENTRY_EXTENSION_MODEL_UPDATE, exportUpdate())
    }
    if model is any GraphDescribingModel { extensions.offer(SENTRY_EXTENSION_MODEL_GRAPH, exportGraph()) }
    if model is any MemoryEstimatingModel { extensions.offer(SENTRY_EXTENSION_MODEL_MEMORY, exportMemory()) }
    if model is any Profiled { extensions.offer(SENTRY_EXTENSION_PROFILE, exportProfile()) }
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
      let results = try Tensor.borrowed(input) {
        if flags & SENTRY_FORWARD_SAMPLE == 0 { return try this.model.forward($0, training: training, seed: seed) }
        guard !training, this.model.specification.stochastic == true, let model = this.model as? any SamplingModel
        else {
          throw PluginError("the model does not sample its predictions", code: SENTRY_UNSUPPORTED)
        }
        return try model.sample($0, seed: seed)
      }
      guard results.count == this.outputCount else {
        throw PluginError("the model described \(this.outputCount) outputs and returned \(results.count)")
      }
      for (slot, result) in results.enumerated() { outputs[slot] = result.exported() }
    }
  }
  out.pointee.backward = { me, gradients, flags, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      let tensors = try (0..<this.outputCount).map { try gradients[$0].map(Tensor.init(unowned:)) }
      try this.model.backward(tensors, accumulate: flags & SENTRY_BACKWARD_ACCUMULATE != 0)
    }
  }
  out.pointee.parameters_changed = { me, error in
    guarded(error) { try Context.at(me.pointee.context).model.parametersChanged() }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).extensions[id] }
  return out
}

private func exportMemory() -> UnsafeMutablePointer<sentry_model_memory> {
  exportMemory { me, batch, flags in
    let model = Context.at(me.pointee.context).model as? any MemoryEstimatingModel
    let training = flags & SENTRY_FORWARD_TRAINING != 0
    return Int64(model?.estimatedBytes(batchSize: Int(batch), training: training) ?? 0)
  }
}

private func exportProfile() -> UnsafeMutablePointer<sentry_profile> {
  exportProfile { object in
    let this = Context.at(object.assumingMemoryBound(to: sentry_model.self).pointee.context)
    this.profile = profileText((this.model as? any Profiled)?.takeProfile() ?? [:])
    return this.profile.pointer
  }
}

private func exportUpdate() -> UnsafeMutablePointer<sentry_model_update> {
  func updating(_ me: UnsafePointer<sentry_model>) throws -> any SelfUpdatingModel {
    guard let model = Context.at(me.pointee.context).model as? any SelfUpdatingModel else {
      throw PluginError("the model does not update itself", code: SENTRY_UNSUPPORTED)
    }
    return model
  }
  let size = MemoryLayout<sentry_model_update>.size
  let out = borderAllocate(size: size, sentry_model_update.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.update = { me, settings, norm, error in
    guarded(error) { norm.pointee = try updating(me).update(String(cString: settings)) }
  }
  out.pointee.transfer = { me, name, write, tensor, error in
    guarded(error) {
      try Tensor.borrowed(tensor) { try updating(me).transfer(String(cString: name), $0, write: write != 0) }
    }
  }
  return out
}

private func exportGraph() -> UnsafeMutablePointer<sentry_model_graph> {
  let size = MemoryLayout<sentry_model_graph>.size
  let out = borderAllocate(size: size, sentry_model_graph.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.graph = { me, text, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      guard let model = this.model as? any GraphDescribingModel else {
        throw PluginError("the model does not describe its graph", code: SENTRY_UNSUPPORTED)
      }
      let graph = try this.graphText ?? OwnedCString(try JSON.text(model.graph()))
      this.graphText = graph
      text.pointee = UnsafePointer(graph.pointer)
    }
  }
  return out
}
