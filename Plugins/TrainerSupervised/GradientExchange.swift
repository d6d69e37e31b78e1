import SentryPluginAPI

/// Adds up the gradients of the processes that train together. They travel in buckets, each of which is one sum.
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
  }
  /// Large enough that the bytes take longer than the way, small enough that the first ones travel while others are made.
  private static let bucketLength = 1 << 20

  private let host: Host
  private let buckets: [Bucket]

  /// - Parameter parameters: on the CPU, with gradients. The last ones are those whose gradients are made first.
  init(_ parameters: [NamedTensor], host: Host) throws {
    self.host = host
    var buckets: [Bucket] = []
    var (pieces, length) = ([Piece](), 0)
    func close() {
      guard length > 0 else { return }
      buckets.append(Bucket(values: Tensor([length]), pieces: pieces))
      (pieces, length) = ([], 0)
    }
    for parameter in parameters.reversed() {
      guard let gradient = try parameter.gradient?.elements(as: Float.self), let base = gradient.baseAddress else {
        throw PluginError("the parameter \(parameter.name) is trained but has no gradient")
      }
      if length + gradient.count > Self.bucketLength { close() }
      pieces.append(Piece(gradient: base, count: gradient.count, offset: length))
      length += gradient.count
    }
    close()
    self.buckets = buckets
  }

  /// Replaces the gradients by their sums over all ranks.
  func sum() throws {
    let sums = try buckets.map { bucket in
      let values = try bucket.values.elements(as: Float.self)
      for piece in bucket.pieces {
        values.baseAddress.map { ($0 + piece.offset).update(from: piece.gradient, count: piece.count) }
      }
      return try host.startSum(bucket.values)
    }
    for (bucket, sum) in zip(buckets, sums) {
      try host.wait(for: sum)
      let values = try bucket.values.elements(as: Float.self)
      for piece in bucket.pieces {
        values.baseAddress.map { piece.gradient.update(from: $0 + piece.offset, count: piece.count) }
      }
    }
  }
}
