/// A tensor that training changes: its values, its gradient and whether it trains.
///
/// Both pointers stay valid as long as the network lives.
public final class Parameter {
  /// The state-dict name, as `backbone.features.conv0.weight`.
  public let name: String
  public let shape: [Int]
  public let count: Int
  /// A parameter that does not train gets neither gradient nor decay, and layers below the first that trains have no
  /// backward pass.
  public var trainable = true
  private let (values, gradients): (FloatBuffer, FloatBuffer)
  private let offset: Int

  init(name: String, shape: [Int], values: FloatBuffer, gradients: FloatBuffer, offset: Int) {
    (self.name, self.shape, self.offset) = (name, shape, offset)
    (self.values, self.gradients) = (values, gradients)
    count = shape.reduce(1, *)
  }

  /// Row-major values.
  public var value: UnsafeMutablePointer<Float> { values.pointer + offset }

  /// The gradient of the last backward pass (or the sum over several), laid out like ``value``.
  public var gradient: UnsafeMutablePointer<Float> { gradients.pointer + offset }
}

/// A tensor that belongs to a network's state and is not trained.
public final class Buffer {
  public enum Storage {
    case float32(UnsafeMutablePointer<Float>)
    case int64(UnsafeMutablePointer<Int64>)
  }

  public let name: String
  public let shape: [Int]
  public let storage: Storage
  private let owner: AnyObject

  init(name: String, shape: [Int], storage: Storage, owner: AnyObject) {
    (self.name, self.shape, self.storage, self.owner) = (name, shape, storage, owner)
  }
}
