import SentryFormats
import SentryPluginAPI

/// Inputs of a model from `.npy` files: each holds one sample in the model's shape, or several along a first axis.
package struct InputArrays {
  private(set) var names: [String] = []
  private var values: [Float] = []
  private let shape: [Int]

  /// - Parameters:
  ///   - shape: of one sample.
  ///   - offersRaw: whether the arrays may be recordings, which need no shape.
  init(_ paths: [String], shape: [Int], offersRaw: Bool = false) throws {
    self.shape = shape
    for path in paths {
      let array = try NPYFile.read(path)
      if array.shape == shape {
        names.append(path)
      } else if array.shape.count == shape.count + 1, Array(array.shape.dropFirst()) == shape {
        names += (0..<array.shape[0]).map { "\(path)[\($0)]" }
      } else {
        throw PluginError.invalid(
          "\(path) has the shape \(array.shape), but the model takes \(shape) or [N, \(shape.map(String.init).joined(separator: ", "))]",
          hint: "the values must be preprocessed as in training; the checkpoint's 'normalisation' says how"
            + (offersRaw ? "; recordings are prepared without --prepared" : ""))
      }
      values += try array.floats()
    }
  }

  /// Samples `first` up to at most `first + count`, [N, …].
  func batch(from first: Int, count: Int) -> Tensor {
    let (length, samples) = (shape.reduce(1, *), min(count, names.count - first))
    return Tensor([samples] + shape, Array(values[(first * length)..<((first + samples) * length)]))
  }
}
