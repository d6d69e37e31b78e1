import CSentryPlugin
import SentryPluginAPI

/// What every augmenter must do, on generated samples of the type that it takes.
public enum AugmenterLaws {
  public static let all: [Law<any Augmenter>] = [
    Law("augmenter.output-as-declared", level: 1, "The output has the declared type and shape, and no NaN.") {
      augmenter, run in
      let declared = augmenter.specification.output
      for strength in try strengths(of: augmenter, &run) {
        for _ in 0..<4 {
          let output = try augmenter.apply(
            try run.tensor(augmenter.specification.input), strength: strength, seed: run.random.next())
          try require(
            declared.describes(output), "\(strength): the output is \(output.title); the description says \(declared)")
          try require(try output.firstNotFinite() == nil, "\(strength): the output has a NaN or an infinity")
        }
      }
    },
    Law("augmenter.none-is-deterministic", level: 1, "Strength none gives the same bytes for every seed.") {
      augmenter, run in
      let input = try run.tensor(augmenter.specification.input)
      let outputs = try (0..<4).map { _ in try augmenter.apply(input, strength: .none, seed: run.random.next()).bytes }
      try require(outputs.allSatisfy { $0 == outputs[0] }, "strength none gives other bytes for another seed")
    },
    Law("augmenter.seed-decides", level: 2, "Equal seeds give equal bytes, and different seeds different ones.") {
      augmenter, run in
      for strength in try strengths(of: augmenter, &run) where strength != .none {
        let input = try run.tensor(augmenter.specification.input)
        let seeds = (0..<8).map { _ in run.random.next() }
        let first = try seeds.map { try augmenter.apply(input, strength: strength, seed: $0).bytes }
        let second = try seeds.reversed().map { try augmenter.apply(input, strength: strength, seed: $0).bytes }
        try require(
          first == second.reversed(),
          "\(strength): an equal seed gave other bytes: the result depends on more than the seed")
        if Set(first).count == 1 { run.warn("\(strength): eight seeds gave the same bytes") }
      }
    },
    Law("augmenter.input-is-kept", level: 2, "The input keeps its bytes.") { augmenter, run in
      for strength in try strengths(of: augmenter, &run) {
        let input = try run.tensor(augmenter.specification.input)
        let bytes = input.bytes
        _ = try augmenter.apply(input, strength: strength, seed: run.random.next())
        try require(input.bytes == bytes, "\(strength): the input was changed")
      }
    },
    Law("augmenter.same-bytes-from-threads", level: 3, "Eight threads get the same bytes as one.") { augmenter, run in
      let strength = try strengths(of: augmenter, &run).last ?? .none
      let inputs = try (0..<8).map { _ in try run.tensor(augmenter.specification.input) }
      let seeds = inputs.map { _ in run.random.next() }
      let expected = try zip(inputs, seeds).map { try augmenter.apply($0, strength: strength, seed: $1).bytes }
      let same = try onEightThreads { thread in
        try inputs.indices.allSatisfy { index in
          let at = (index + thread) % inputs.count
          return try augmenter.apply(inputs[at], strength: strength, seed: seeds[at]).bytes == expected[at]
        }
      }
      try require(same.allSatisfy { $0 }, "a thread got other bytes; `apply` is called from several threads at once")
    },
    Law("augmenter.misfits-are-refused", level: 2, "A sample of another type or rank is an error.") { augmenter, run in
      let declared = augmenter.specification.input
      let other: DType = declared.dtype == .float64 ? .int64 : .float64
      let shape = declared.shape.map { $0 == -1 ? 3 : $0 }
      try requireError("a sample of \(other.rawValue)") {
        _ = try augmenter.apply(Tensor(shape, other), strength: .none, seed: 0)
      }
      try requireError("a sample with one more axis") {
        _ = try augmenter.apply(Tensor(shape + [1], declared.dtype), strength: .none, seed: 0)
      }
    },
    Law("augmenter.extremes", level: 4, "Extreme values and sizes give a finite output or an error.") {
      augmenter, run in
      let declared = augmenter.specification.input
      for extent in [1, 2, 600] where declared.shape.contains(-1) || extent == 1 {
        for value in [0.0, 1.0] {
          let input = try run.tensor(declared, varying: extent)
          try fill(input, value)
          for strength in try strengths(of: augmenter, &run) {
            guard let output = try? augmenter.apply(input, strength: strength, seed: run.random.next()) else {
              continue
            }
            try require(
              try output.firstNotFinite() == nil,
              "\(strength): a sample \(input.title) of \(value == 0 ? "the smallest" : "the largest") values gives NaN or infinity"
            )
          }
        }
      }
    },
  ]

  /// Those that the augmenter supports.
  private static func strengths(of augmenter: any Augmenter, _ run: inout LawRun) throws -> [AugmentStrength] {
    let sample = try run.tensor(augmenter.specification.input)
    return try [.none, .mild, .standard, .strong].filter { (strength: AugmentStrength) in
      do {
        _ = try augmenter.apply(sample, strength: strength, seed: 1)
        return true
      } catch let error as PluginError where error.code == SENTRY_UNSUPPORTED && strength != .none {
        return false
      }
    }
  }

  /// - Parameter value: 0: zeros; 1: the largest of uint8, and a million of floats.
  private static func fill(_ tensor: Tensor, _ value: Double) throws {
    switch tensor.dtype {
    case .uint8: try tensor.elements(as: UInt8.self).update(repeating: value == 0 ? 0 : 255)
    case .float32: try tensor.elements(as: Float.self).update(repeating: Float(value * 1e6))
    default: break
    }
  }
}
