/// The values of a tensor that are part of the model.
public enum TFLiteConstant: Sendable {
  case dense(StoredTensor)
  /// The values that are not 0, and their places.
  case sparse(StoredTensor, TFLiteSparsity)

  /// All elements as floats, row-major. Throws ``FormatError`` where the file cannot be read.
  public func floats() throws -> [Float] {
    switch self {
    case .dense(let tensor): try tensor.floats()
    case .sparse(let values, let sparsity): sparsity.dense(try values.floats())
    }
  }

  /// All elements of a tensor of integers. Throws ``FormatError`` for floats.
  public func integers() throws -> [Int] {
    switch self {
    case .dense(let tensor): try tensor.integers()
    case .sparse(let values, let sparsity): sparsity.dense(try values.integers())
    }
  }
}
