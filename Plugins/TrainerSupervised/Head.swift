import SentryLearning
import SentryPluginAPI

/// One task: where its logits come from and how they are judged.
struct Head: Sendable {
  let name: String
  /// Which of the model's outputs.
  let output: Int
  let classes: Int
  let criterion: CrossEntropy
  /// What this task's loss counts among those of the others.
  var importance = 1.0
  /// Whether training shows more than one class: else there is nothing to tell apart.
  var varies = true

  /// The labels of a batch for the task.
  struct Labels {
    /// One a sample, -1 where unlabelled.
    var classes: [Int32]
    /// [N, classes]: distributions that the loss counts in place of the classes; NaN in a row without one.
    var soft: [Float]?
  }

  struct Judgement {
    /// The mean loss of the labelled samples, as `criterion` weighs it, times ``importance``; 0 without a labelled sample.
    var loss: Double
    /// What the batch weighs in that mean: Σ w_y.
    var weight: Double
    var correct: Int
    var labelled: Int
    /// Of the loss with respect to the logits.
    var gradient: Tensor?
  }

  /// The task's own of a model's outputs.
  func logits(among outputs: [Tensor?]) throws -> Tensor {
    guard let logits = outputs[output] else { throw PluginError("the model made no logits for '\(name)'") }
    return logits
  }

  /// - Parameters:
  ///   - logits: [N, classes]
  ///   - labels: of the N samples; hits are counted by the class
  func judge(_ logits: Tensor, _ labels: Labels, wantsGradient: Bool) throws -> Judgement {
    let targets = labels.classes
    guard logits.shape == [targets.count, classes] else {
      throw PluginError("the model gave logits \(logits.shape) for '\(name)', expected \([targets.count, classes])")
    }
    let values = try logits.elements(as: Float.self)
    guard let base = UnsafePointer(values.baseAddress) else { throw PluginError("an empty batch") }
    let gradient = wantsGradient ? Tensor(logits.shape) : nil
    let result = try criterion.evaluate(
      logits: base, targets: targets, soft: labels.soft, batch: targets.count, classes: classes,
      gradient: try gradient?.elements(as: Float.self).baseAddress)
    if importance != 1, let gradient = try gradient?.elements(as: Float.self) {
      for index in gradient.indices { gradient[index] *= Float(importance) }
    }
    var correct = 0
    for (row, target) in targets.enumerated() where target >= 0 {
      var best = 0
      for index in 1..<max(classes, 1) where base[row * classes + index] > base[row * classes + best] { best = index }
      if best == Int(target) { correct += 1 }
    }
    return Judgement(
      loss: result.mean * importance, weight: result.weight, correct: correct,
      labelled: targets.count { $0 >= 0 }, gradient: gradient)
  }
}
