import SentryPluginAPI

/// How a test gets models: each call makes a new one, whose random weights follow the seed.
public struct ModelMaker: Sendable {
  let make: @Sendable (UInt64) throws -> any Model
  public init(_ make: @escaping @Sendable (_ seed: UInt64) throws -> any Model) { self.make = make }

  func callAsFunction(_ seed: UInt64 = 1) throws -> any Model { try make(seed) }
}

/// What every model must do.
public enum ModelLaws {
  public static let all: [Law<ModelMaker>] = shape + passes + gradients + training

  static let shape: [Law<ModelMaker>] = [
    Law(
      "model.parameters", level: 1,
      "Parameters have names of their own and finite values, and gradients of their shape."
    ) { make, _ in
      let model = try make()
      var names: Set<String> = []
      try require(model.parameters.contains { $0.role == .trainable }, "no parameter is trainable")
      for parameter in model.parameters {
        try require(!parameter.name.isEmpty, "a parameter has no name")
        try require(names.insert(parameter.name).inserted, "two parameters are called '\(parameter.name)'")
        if parameter.role == .trainable {
          try require(
            parameter.gradient?.shape == parameter.value.shape,
            "the gradient of '\(parameter.name)' is \(parameter.gradient?.title ?? "missing"), the value \(parameter.value.title)"
          )
        }
        guard parameter.value.isHere else { continue }
        try require(
          try parameter.value.firstNotFinite() == nil, "'\(parameter.name)' has a NaN or an infinity before training")
      }
    },
    Law("model.outputs-as-declared", level: 1, "Outputs have the declared type and shape, and are finite.") {
      make, run in
      let model = try make()
      for size in [1, 2, 5] {
        for training in [false, true] where size > 1 || !training {
          let outputs = try model.forward(
            try run.tensor(model.specification.input, batch: size), training: training, seed: 1)
          try require(
            outputs.count == model.specification.outputs.count,
            "\(outputs.count) outputs; the description says \(model.specification.outputs.count)")
          for (output, declared) in zip(outputs, model.specification.outputs) {
            let shape = [size] + (declared.kind == .logits ? [declared.classes?.count ?? 0] : declared.shape ?? [])
            try require(
              output.dtype == .float32 && output.shape == shape,
              "output '\(declared.name)' is \(output.title) for \(size) samples; the description says float32 \(shape)")
            try require(try output.firstNotFinite() == nil, "output '\(declared.name)' has a NaN or an infinity")
          }
        }
      }
    },
    Law("model.misfits-are-refused", level: 2, "An input of another type or shape, and a batch of none, are errors.") {
      make, _ in
      let model = try make()
      let shape = [2] + model.specification.input.shape
      try requireError("an input of int64") { _ = try model.forward(Tensor(shape, .int64), training: false, seed: 0) }
      try requireError("an input with one more axis") {
        _ = try model.forward(Tensor(shape + [1], model.specification.input.dtype), training: false, seed: 0)
      }
      try requireError("a batch of no samples") {
        _ = try model.forward(
          Tensor([0] + shape.dropFirst(), model.specification.input.dtype), training: false, seed: 0)
      }
      try requireError("backward without a forward pass") {
        try model.backward(model.specification.outputs.map { _ in nil }, accumulate: false)
      }
    },
  ]

  static let passes: [Law<ModelMaker>] = [
    Law("model.seed-decides", level: 2, "Equal seeds give equal weights and equal outputs.") { make, run in
      let (first, second) = (try make(7), try make(7))
      let input = try run.tensor(first.specification.input, batch: 3)
      for training in [false, true] {
        let outputs = try [first, second].map { try $0.forward(input, training: training, seed: 5).map(\.bytes) }
        try require(
          outputs[0] == outputs[1], "two models of one seed give different outputs\(training ? " in training" : "")")
      }
      let again = try first.forward(input, training: false, seed: 1).map(\.bytes)
      try require(
        try first.forward(input, training: false, seed: 2).map(\.bytes) == again,
        "evaluation depends on the seed or on what came before")
    },
    Law(
      "model.samples-are-independent", level: 2,
      "In evaluation a sample's output does not depend on the others in its batch."
    ) { make, run in
      let model = try make()
      let batch = try run.tensor(model.specification.input, batch: 5)
      let together = try model.forward(batch, training: false, seed: 0)
      for index in 0..<5 {
        let alone = try model.forward(batch.rows(index..<index + 1), training: false, seed: 0)
        for (output, declared) in model.specification.outputs.enumerated() {
          let (a, b) = (
            try together[output].rows(index..<index + 1).array(of: Float.self), try alone[output].array(of: Float.self)
          )
          let scale = max(b.map(abs).max() ?? 0, 1)
          let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
          try require(
            difference <= 1e-3 * scale,
            "'\(declared.name)' of sample \(index) differs by \(difference) between a batch of 5 and a batch of 1")
        }
      }
    },
    Law("model.evaluation-changes-nothing", level: 2, "Evaluation leaves parameters and buffers as they are.") {
      make, run in
      let model = try make()
      let before = try model.values()
      _ = try model.forward(try run.tensor(model.specification.input, batch: 3), training: false, seed: 3)
      if let changed = zip(before, try model.values()).first(where: { $0.value != $1.value }) {
        throw Violation("evaluation changed '\(changed.0.name)'")
      }
    },
    Law("model.state-round-trip", level: 3, "A model that gets another's values gives the same outputs, byte for byte.")
    { make, run in
      let (trained, fresh) = (try make(1), try make(2))
      let input = try run.tensor(trained.specification.input, batch: 3)
      _ = try trained.forward(input, training: true, seed: 1)  // moves running statistics
      try fresh.setValues(trained.values())
      try fresh.parametersChanged()
      let outputs = try [trained, fresh].map { try $0.forward(input, training: false, seed: 0).map(\.bytes) }
      try require(
        outputs[0] == outputs[1],
        "values that were copied into a new model give other outputs: not all of the state is in its parameters and buffers, or parameters_changed is not heeded"
      )
    },
    Law("model.sampling", level: 3, "A stochastic model samples by its seed.") { make, run in
      let model = try make()
      guard model.specification.stochastic == true, let sampling = model as? any SamplingModel else {
        throw Skip("the model is not stochastic")
      }
      let input = try run.tensor(model.specification.input, batch: 4)
      let bytes = try [1, 1, 2].map { try sampling.sample(input, seed: $0).map(\.bytes) }
      try require(bytes[0] == bytes[1], "equal seeds give different samples of the predictions")
      try require(bytes[0] != bytes[2], "different seeds give the same sample of the predictions: drop-out is off")
    },
    Law("model.memory-estimate", level: 5, "The estimated memory grows with the batch.") { make, _ in
      guard let model = try make() as? ImportedModel, let one = model.estimatedBytes(batchSize: 1, training: true)
      else {
        throw Skip("the model estimates no memory")
      }
      let many = model.estimatedBytes(batchSize: 64, training: true) ?? -1
      try require(many > one, "64 samples need \(many) bytes, one needs \(one)")
    },
  ]
}
