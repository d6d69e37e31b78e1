import SentryPluginAPI

/// Pictures that are copies of others though their pixels differ: mirrored, turned, scaled, made brighter or encoded anew. A
/// perceptual hash proposes pairs, in all eight orientations, and the correlation of the aligned pixels confirms them.
///
/// What it finds, and what it takes wrongly, was measured on a public set: see docs/data.md.
struct NearCopies {
  /// Rows of the samples, and how the second has to be laid to be like the first.
  struct Pair: Sendable {
    let first, second: Int
    let orientation: PerceptualHash.Orientation
    var correlation: Float = 0
  }

  /// Bits of 64 in which hashes of copies may differ.
  static let mostBits = 12
  /// From which correlation on two pictures are copies: the strict one for sets of pictures that are all much alike, such as
  /// drawings.
  static let correlations: ClosedRange<Float> = 0.965...0.995
  /// Candidates of one sample that are looked at, the nearest first.
  private static let mostCandidates = 8
  /// Comparisons of hashes beyond which the search would take many minutes.
  static let mostComparisons = 400_000_000_000
  private static let chunk = 4096

  /// Of each row, in all orientations; nil for what is no picture.
  let hashes: [[PerceptualHash]?]
  let progress: WorkProgress
  /// The picture of a row, read once more.
  let picture: @Sendable (Int) -> Thumbnail?

  /// Pairs of one row each, the best for each row of `second`, in its order; nil where there are too many to compare.
  /// - Parameter isKnown: pairs that need no telling.
  func pairs(_ first: [Int], _ second: [Int], isKnown: @Sendable (Int, Int) -> Bool) throws -> [Pair]? {
    let ways = PerceptualHash.Orientation.all.count
    let (product, overflow) = first.count.multipliedReportingOverflow(by: second.count)
    guard !overflow, product < Self.mostComparisons / ways else { return nil }
    let hashes = hashes
    let known = first.filter { hashes[$0] != nil }
    let bits = known.map { hashes[$0]?[0].bits ?? 0 }
    let proposed = try ParallelReading.map(second.count, "comparing pictures", progress: progress) { index -> [Pair] in
      guard let own = hashes[second[index]] else { return [] }
      return Self.candidates(own, among: bits).map {
        Pair(first: known[$0.place], second: second[index], orientation: $0.orientation)
      }
    }.flatMap(\.self).filter { $0.first != $0.second && !isKnown($0.first, $0.second) }
    var measured: [Pair] = []
    for start in stride(from: 0, to: proposed.count, by: Self.chunk) {
      measured += try correlated(Array(proposed[start..<min(start + Self.chunk, proposed.count)]))
    }
    let least = Self.leastCorrelation(measured.map(\.correlation))
    var best: [Int: Pair] = [:]
    for pair in measured where pair.correlation >= least {
      if pair.correlation > best[pair.second]?.correlation ?? 0 { best[pair.second] = pair }
    }
    return second.compactMap { best[$0] }
  }

  /// A copy is far more like its original than pictures of the set are like each other: what they differ by is an eighth at most
  /// of that by which likely copies differ. These are few where pictures differ much, and nearly all of them none.
  static func leastCorrelation(_ proposed: [Float]) -> Float {
    guard proposed.count >= 16 else { return correlations.lowerBound }
    let usual = proposed.sorted()[proposed.count / 4]
    return min(max(1 - (1 - usual) / 8, correlations.lowerBound), correlations.upperBound)
  }

  private static func candidates(_ own: [PerceptualHash], among bits: [UInt64])
    -> [(place: Int, orientation: PerceptualHash.Orientation)]
  {
    var found: [(distance: Int, place: Int, way: Int)] = []
    bits.withUnsafeBufferPointer { bits in
      for (way, hash) in own.enumerated() {
        let hash = hash.bits
        for place in bits.indices where (bits[place] ^ hash).nonzeroBitCount <= mostBits {
          found.append(((bits[place] ^ hash).nonzeroBitCount, place, way))
        }
      }
    }
    return found.sorted { $0 < $1 }.prefix(mostCandidates).map { ($0.place, PerceptualHash.Orientation.all[$0.way]) }
  }

  private func correlated(_ pairs: [Pair]) throws -> [Pair] {
    let rows = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
    let read = try ParallelReading.map(rows.count, "looking at likely copies", progress: progress) { picture(rows[$0]) }
    let pictures = Dictionary(uniqueKeysWithValues: zip(rows, read))
    return try ParallelReading.map(pairs.count, "looking at likely copies", progress: progress) { index -> Pair in
      var pair = pairs[index]
      if let first = pictures[pair.first] ?? nil, let second = pictures[pair.second] ?? nil {
        pair.correlation = AlignedCorrelation(first, pair.orientation.apply(second)).correlation
      }
      return pair
    }
  }
}

extension PerceptualHash.Orientation {
  /// What was done to the copy, for messages; nil where nothing was.
  var description: String? {
    switch (mirrorsX, mirrorsY, transposes) {
    case (false, false, false): nil
    case (true, false, false): "mirrored"
    case (false, true, false): "upside down and mirrored"
    case (true, true, false): "turned by 180°"
    default: mirrorsX != mirrorsY ? "turned by 90°" : "turned by 90° and mirrored"
    }
  }
}
