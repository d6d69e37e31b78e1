import SentryPluginAPI
import SentryRuntime

/// A trained model between a detector and its answers.
protocol LiveJudge: AnyObject {
  /// The detector whose instances it judges.
  var detector: String { get }

  /// - Returns: for each instance the answers, and how much of a window it has until then.
  func judge(_ instances: [Instance], in frame: VideoFrame) throws -> [LiveVerdict]
}

enum LiveVerdict: Sendable {
  /// With the model's outputs for this instance, in its order, for models that read an embedding.
  case answers([LiveFrame.Answer], outputs: [[Float]])
  case waiting(have: Int, need: Int)
}

extension TrainedModel {
  /// Prepares samples as validation did, and asks about all of them at once.
  func liveAnswers(to samples: [Tensor], augmenter: ImportedAugmenter?) throws -> [LiveVerdict] {
    guard let first = samples.first else { return [] }
    let inputs = try samples.map { try augmenter?.apply($0, strength: .none, seed: 0) ?? $0 }
    let shape = (inputs.first ?? first).shape
    guard model.specification.input.accepts(TensorSpecification(.float32, shape)) else {
      throw PluginError(
        "\(path): the model's input is \(model.specification.input), but the prepared sample is float32 \(shape)")
    }
    let outputs = try asked.answer(try Tensor(stacking: inputs)).map {
      try $0.array(of: Float.self)
    }
    func rows(_ values: [Float], _ index: Int) -> [Float] {
      let length = values.count / samples.count
      return Array(values[index * length..<(index + 1) * length])
    }
    return try samples.indices.map { index in
      let answers = try trainedTasks.map { task in
        guard let place = model.specification.outputs.firstIndex(where: { $0.kind == .logits && $0.name == task.name })
        else { throw PluginError("\(path): the model has no logits for '\(task.name)'") }
        let logits = rows(outputs[place], index)
        guard logits.count == task.classes.count, logits.allSatisfy(\.isFinite) else {
          throw PluginError("\(path): the prediction of '\(task.name)' is not finite", hint: "the model is damaged")
        }
        return LiveFrame.Answer(task: task, probabilities: softmax(logits, classes: task.classes.count))
      }
      return .answers(answers, outputs: outputs.map { rows($0, index) })
    }
  }
}
