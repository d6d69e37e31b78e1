import SentryPluginAPI

extension StepResult {
  /// The result of a whole batch from those of its parts, in their order; of an evaluation.
  /// - Throws: ``PluginError`` where the parts are of different tasks.
  package init(ofParts parts: [StepResult]) throws {
    guard var result = parts.first else { throw PluginError("a batch without parts has no result") }
    guard parts.count > 1 else {
      self = result
      return
    }
    // What has no label may have no loss.
    let sum = parts.reduce(0) { $1.lossWeight > 0 ? $0 + $1.loss * $1.lossWeight : $0 }
    for part in parts.dropFirst() {
      guard part.correct.count == result.correct.count, part.labelled.count == result.labelled.count,
        part.logits.count == result.logits.count, part.taskLosses.count == result.taskLosses.count
      else { throw PluginError("the trainer gave results of different tasks for parts of one batch") }
      result.lossWeight += part.lossWeight
      for task in part.correct.indices { result.correct[task] += part.correct[task] }
      for task in part.labelled.indices { result.labelled[task] += part.labelled[task] }
      for task in part.taskLosses.indices { result.taskLosses[task] += part.taskLosses[task] }
    }
    result.loss = result.lossWeight > 0 ? sum / result.lossWeight : 0
    result.logits = try result.logits.indices.map { task in
      let tensors = parts.map { $0.logits[task] }
      guard
        tensors.allSatisfy({
          $0.shape.count == 2 && $0.shape[1] == tensors[0].shape.last && $0.dtype == tensors[0].dtype
        })
      else { throw PluginError("the trainer gave logits \(tensors.map(\.shape)) for parts of one batch") }
      return Tensor.stacked(tensors)
    }
    self = result
  }
}
