import SentryPluginAPI

/// Adds up the gradients of the processes that train together. They travel in buckets, each of which is one sum, the last
/// parameters' first: a bucket may travel while the backward pass makes the next one.
final class GradientExchange: @unchecked Sendable {
  // Unchecked: the border lets nobody call a trainer twice at once.
  private struct Piece {
    let gradient: UnsafeMutablePointer<Float>
    let count: Int
    /// In the bucket.
    let offset: Int
  }
  private struct Bucket {
    let values: Tensor
    let pieces: [Piece]
    /// The index of its first parameter: the last one whose gradient is made.
    let first: Int
  }
  /// Large enough that the bytes take longer than the way, small enough that the first ones travel while others are made.
  private static let bucketLength = 1 << 20

  private let host: Host
  private let buckets: [Bucket]
  /// Of the step under way, for the first of the buckets.
  private var sums: [Host.Reduction] = []

  /// - Parameter parameters: of the model, on the CPU; those that train have gradients.
  init(_ parameters: [NamedTensor], host: Host) throws {
    self.host = host
    var buckets: [Bucket] = []
    var (pieces, length, first) = ([Piece](), 0, 0)
    func close() {
      guard length > 0 else { return }
      buckets.append(Bucket(values: Tensor([length]), pieces: pieces, first: first))
      (pieces, length) = ([], 0)
    }
    for (index, parameter) in parameters.enumerated().reversed() where parameter.role == .trainable {
      guard let gradient = try parameter.gradient?.elements(as: Float.self), let base = gradient.baseAddress else {
        throw PluginError("the parameter \(parameter.name) is trained but has no gradient")
      }
      if length + gradient.count > Self.bucketLength { close() }
      pieces.append(Piece(gradient: base, count: gradient.count, offset: length))
      length += gradient.count
      first = index
    }
    close()
    self.buckets = buckets
  }

  /// Starts the sums of the buckets whose gradients are final: those of the model's parameters from `first` on.
  func start(from first: Int) throws {
    for bucket in buckets.dropFirst(sums.count) {
      guard bucket.first >= first else { return }
      let values = try bucket.values.elements(as: Float.self)
      for piece in bucket.pieces {
        values.baseAddress.map { ($0 + piece.offset).update(from: piece.gradient, count: piece.count) }
      }
      sums.append(try host.startSum(bucket.values))
    }
  }

  /// Replaces the gradients by their sums over all ranks.
  func finish() throws {
    defer { sums = [] }
    try start(from: 0)
    for (bucket, sum) in zip(buckets, sums) {
      try host.wait(for: sum)
      let values = try bucket.values.elements(as: Float.self)
      for piece in bucket.pieces {
        values.baseAddress.map { piece.gradient.update(from: $0 + piece.offset, count: piece.count) }
      }
    }
  }
}
