import SentryPluginAPI

/// How large a model is, and what it computes for one sample.
struct ModelSize: Codable, Sendable, Equatable {
  /// Numbers that training may change, frozen ones included; buffers are none.
  var parameters: Int
  /// Of parameters and buffers: what `export` writes.
  var weightBytes: Int
  /// See ``GraphCost``; nil where the model gives no graph, or one that is not understood.
  var flops: Double?
  /// Why there are no FLOPs.
  var flopsNote: String?
}

extension ModelSize {
  /// - Parameter sample: the extents of one sample as the model takes it.
  init(of model: ImportedModel, sample: [Int]) {
    let tensors = model.parameters
    parameters = tensors.filter { $0.role != .buffer }.reduce(0) { $0 + $1.value.count }
    weightBytes = tensors.reduce(0) { $0 + $1.value.byteCount }
    let shapes = Dictionary(tensors.map { ($0.name, $0.value.shape) }) { first, _ in first }
    do {
      flops = try GraphCost(model.graph(), input: sample, parameters: shapes).flops
    } catch {
      flopsNote = (error as? PluginError)?.message ?? "\(error)"
    }
  }
}
