import Glibc

/// All parameters of a network in one stretch of memory, all gradients in another, in order of declaration.
///
/// Layers declare while they are built; ``seal()`` then gives the memory. Each tensor starts on a multiple of 64 bytes.
public final class ParameterArena {
  public private(set) var parameters: [Parameter] = []
  public private(set) var buffers: [Buffer] = []
  /// The names of parameters and buffers in order of declaration: the order of PyTorch's state dict.
  public private(set) var stateNames: [String] = []
  let values = FloatBuffer()
  let gradients = FloatBuffer()
  private var size = 0

  public init() {}

  public func parameter(_ name: String, _ shape: [Int]) -> Parameter {
    precondition(values.capacity == 0, "\(name) is declared after the arena was sealed")
    let parameter = Parameter(name: name, shape: shape, values: values, gradients: gradients, offset: size)
    size += (parameter.count + 15) / 16 * 16
    parameters.append(parameter)
    stateNames.append(name)
    return parameter
  }

  /// `count` floats that start as `value`.
  /// - Throws: ``NNError`` `.outOfMemory`.
  public func buffer(_ name: String, count: Int, value: Float) throws -> UnsafeMutablePointer<Float> {
    let memory = try FloatBuffer(count)
    memory.pointer.update(repeating: value, count: count)
    buffers.append(Buffer(name: name, shape: [count], storage: .float32(memory.pointer), owner: memory))
    stateNames.append(name)
    return memory.pointer
  }

  /// One integer that starts as 0.
  public func counter(_ name: String) -> UnsafeMutablePointer<Int64> {
    let counter = Counter()
    buffers.append(Buffer(name: name, shape: [], storage: .int64(counter.pointer), owner: counter))
    stateNames.append(name)
    return counter.pointer
  }

  /// Gives every declared parameter its memory, zeros at first.
  /// - Throws: ``NNError`` `.outOfMemory`.
  public func seal() throws {
    try values.reserve(max(size, 16))
    try gradients.reserve(max(size, 16))
  }

  public func clearGradients() { gradients.clear(size) }

  /// The same on all threads.
  public func clearGradients(_ context: ComputeContext) throws {
    let piece = 1 << 16
    try context.run((size + piece - 1) / piece) { index, _ in
      let start = index * piece
      (gradients.pointer + start).update(repeating: 0, count: min(piece, size - start))
    }
  }
}

private final class Counter {
  let pointer = UnsafeMutablePointer<Int64>.allocate(capacity: 1)

  init() { pointer.initialize(to: 0) }

  deinit { pointer.deallocate() }
}
