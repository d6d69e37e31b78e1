import SentryPluginAPI

/// Two linear heads over the same input, whose logits a temperature divides.
final class TwoTaskModel: Model, @unchecked Sendable {
  let specification: ModelSpecification
  let weights: [Tensor]
  let gradients: [Tensor]
  let temperatureBuffer: Tensor?
  private(set) var lastGradients: [Tensor?] = []
  private let features: Int
  private let classes: [Int]
  private var input: [Float] = []

  init(features: Int = 2, classes: [Int] = [3, 2], temperature: Float? = nil) {
    (self.features, self.classes) = (features, classes)
    weights = classes.map { count in
      Tensor([features, count], (0..<features * count).map { Float($0 % 5) * 0.2 - 0.3 })
    }
    gradients = classes.map { Tensor([features, $0]) }
    temperatureBuffer = temperature.map { Tensor([1], [$0]) }
    specification = ModelSpecification(
      architecture: "two heads", input: TensorSpecification(.float32, [features]),
      outputs: zip(["first", "second"], classes).map { name, count in
        .logits(name, classes: (0..<count).map { "c\($0)" })
      })
  }

  var parameters: [NamedTensor] {
    zip(weights, gradients).enumerated().map { index, pair in
      NamedTensor("weight\(index)", pair.0, gradient: pair.1, role: .trainable)
    } + (temperatureBuffer.map { [NamedTensor("temperature", $0, role: .buffer)] } ?? [])
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    let (x, rows) = (try input.array(of: Float.self), input.shape[0])
    let temperature = try temperatureBuffer?.array(of: Float.self)[0] ?? 1
    self.input = x
    return try zip(weights, classes).map { weight, count in
      let w = try weight.array(of: Float.self)
      var logits = [Float](repeating: 0, count: rows * count)
      for row in 0..<rows {
        for feature in 0..<features {
          for output in 0..<count {
            logits[row * count + output] += x[row * features + feature] * w[feature * count + output]
          }
        }
      }
      return Tensor([rows, count], logits.map { $0 / temperature })
    }
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    lastGradients = gradients
    for (head, gradient) in gradients.enumerated() {
      let out = try self.gradients[head].elements(as: Float.self)
      if !accumulate { for index in out.indices { out[index] = 0 } }
      guard let logits = try gradient?.array(of: Float.self) else { continue }
      let count = classes[head]
      for row in 0..<logits.count / count {
        for feature in 0..<features {
          for output in 0..<count {
            out[feature * count + output] += input[row * features + feature] * logits[row * count + output]
          }
        }
      }
    }
  }
}
