import SentryModels
import SentryNN

extension ClassifierNet {
  /// Where a forward pass left its results, until the next one.
  public struct Output {
    /// Of each task, [batch][classes], divided by the temperature.
    public let logits: [UnsafePointer<Float>]
    /// [batch][512]
    public let embedding: UnsafePointer<Float>
  }

  /// - Parameters:
  ///   - input: [batch][features]; copied.
  ///   - training: a backward pass is to come.
  ///   - seed: of the drop-out; nil drops nothing. Without `training`, a sample of the predictions (Gal and Ghahramani 2016).
  /// - Throws: ``NNError``
  public func forward(
    input values: UnsafePointer<Float>, batch: Int, training: Bool, seed: UInt64? = nil
  ) throws -> Output {
    guard batch >= 1 else {
      throw NNError(.invalidInput, "a batch of \(batch) items", hint: "give at least one item")
    }
    let scale = try inverseTemperature()
    trained = nil
    let (width, count) = (Self.embeddingSize, batch * Self.embeddingSize)
    try input.reserve(batch * options.features)
    for buffer in [embedding, embeddingGradient] { try buffer.reserve(count) }
    input.pointer.update(from: values, count: batch * options.features)
    try trunk.forward(input.pointer, embedding.pointer, batch: batch)
    try norm.forward(embedding.pointer, embedding.pointer, batch: batch)
    try dropout.relu(embedding.pointer, batch: batch, width: width, seed: seed, context)
    try heads.forward(embedding.pointer, batch: batch, seed: seed)
    for (task, head) in zip(options.tasks, heads.heads) {
      for index in 0..<batch * task.classes { head.output.pointer[index] *= scale }
    }
    if training { trained = (batch, seed) }
    return Output(
      logits: heads.heads.map { UnsafePointer($0.output.pointer) }, embedding: UnsafePointer(embedding.pointer))
  }

  /// The gradients of all parameters, of the last training forward pass.
  ///
  /// - Parameters:
  ///   - logitsGradients: of each task, [batch][classes]; nil: zero.
  ///   - embeddingGradient: [batch][512], of a loss that reads the embedding itself.
  ///   - accumulate: adds to the gradients that are there; else they are replaced.
  /// - Throws: ``NNError`` `.invalidState` without a training forward pass before it.
  public func backward(
    logitsGradients: [UnsafePointer<Float>?], embeddingGradient extra: UnsafePointer<Float>? = nil,
    accumulate: Bool = false
  ) throws {
    guard let (batch, seed) = trained else {
      throw NNError(
        .invalidState, "a backward pass without a forward pass for training",
        hint: "call forward(training: true) before each backward")
    }
    trained = nil
    if !accumulate { arena.clearGradients() }
    let scale = try inverseTemperature()
    var divided: [UnsafePointer<Float>?] = []
    for ((task, slope), gradient) in zip(zip(options.tasks, slopes), logitsGradients) {
      guard let gradient else {
        divided.append(nil)
        continue
      }
      try slope.reserve(batch * task.classes)
      for index in 0..<batch * task.classes { slope.pointer[index] = gradient[index] * scale }
      divided.append(UnsafePointer(slope.pointer))
    }
    let total = embeddingGradient.pointer
    try heads.backward(
      embedding.pointer, gradients: divided, extra: extra, into: total, batch: batch, seed: seed)
    try dropout.reluBackward(
      total, outputs: embedding.pointer, batch: batch, width: Self.embeddingSize, seed: seed, context)
    try norm.backward(total, dx: total, batch: batch)
    try trunk.backward(input.pointer, total, dx: nil, batch: batch)
  }

  /// What logits are multiplied with: 1 / temperature.
  private func inverseTemperature() throws -> Float {
    let value = temperature.pointee
    guard value > 0, value.isFinite else {
      throw NNError(.invalidState, "the temperature is \(value)", hint: "a temperature is above 0; 1.5 to begin with")
    }
    return 1 / value
  }
}

extension ClassifierNet: Network {
  public var inputShape: [Int] { [options.features] }

  public func forward(_ input: UnsafePointer<Float>, extents: [Int], training: Bool, seed: UInt64?) throws
    -> [UnsafePointer<Float>]
  {
    let output = try forward(input: input, batch: extents[0], training: training, seed: seed)
    return output.logits + [output.embedding]
  }

  public func backward(_ gradients: [UnsafePointer<Float>?], accumulate: Bool) throws {
    try backward(
      logitsGradients: Array(gradients.dropLast()), embeddingGradient: gradients[gradients.count - 1],
      accumulate: accumulate)
  }
}
