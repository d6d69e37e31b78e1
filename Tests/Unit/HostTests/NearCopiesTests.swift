import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryRuntime

@Suite struct NearCopiesTests {
  /// A picture of smooth hills that its seed tells, with a grain of its own.
  private static func picture(_ seed: UInt64, side: Int = 48, grain: Int = 6) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    let hills = (0..<9).map { _ in (0..<4).map { _ in Double(random.below(1000)) / 1000 } }
    return (0..<side * side).map { (index: Int) -> UInt8 in
      let (x, y) = (Double(index % side) / Double(side), Double(index / side) / Double(side))
      var level = 40.0
      for hill in hills {
        let (dx, dy) = (x - hill[0], y - hill[1])
        let height = 1 - (dx * dx + dy * dy) / (0.01 + 0.06 * hill[3])
        level += (hill[2] - 0.35) * 190 * max(0, height)
      }
      return UInt8(min(max(level + 60 + Double(random.below(grain + 1)), 0), 255))
    }
  }

  private static func thumbnail(_ pixels: [UInt8], side: Int = 48, channels: Int = 1) -> Thumbnail? {
    pixels.withUnsafeBufferPointer { Thumbnail(pixels: $0, height: side, width: side, channels: channels) }
  }

  private static func level(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 255)) }

  private static func mirrored(_ pixels: [UInt8], side: Int = 48) -> [UInt8] {
    var result: [UInt8] = []
    for row in 0..<side { result += pixels[(row * side)..<((row + 1) * side)].reversed() }
    return result
  }

  private static func quarterTurned(_ pixels: [UInt8], side: Int = 48) -> [UInt8] {
    var result: [UInt8] = []
    for row in 0..<side {
      for column in 0..<side { result.append(pixels[(side - 1 - column) * side + row]) }
    }
    return result
  }

  /// Bilinear, about the middle.
  private static func turned(_ pixels: [UInt8], sine: Double, scale: Double = 1, side: Int = 48) -> [UInt8] {
    let (cosine, middle) = ((1 - sine * sine).squareRoot(), Double(side - 1) / 2)
    return (0..<side * side).map { (index: Int) -> UInt8 in
      let (dx, dy) = (Double(index % side) - middle, Double(index / side) - middle)
      let most = Double(side) - 1.001
      let x: Double = min(max(middle + (cosine * dx - sine * dy) / scale, 0), most)
      let y: Double = min(max(middle + (sine * dx + cosine * dy) / scale, 0), most)
      let (column, row) = (Int(x), Int(y))
      func at(_ c: Int, _ r: Int) -> Double { Double(pixels[r * side + c]) }
      let (fx, fy) = (x - Double(column), y - Double(row))
      let top = at(column, row) * (1 - fx) + at(column + 1, row) * fx
      let bottom = at(column, row + 1) * (1 - fx) + at(column + 1, row + 1) * fx
      return UInt8(top * (1 - fy) + bottom * fy)
    }
  }

  @Test func aThumbnailIsTheMeanOfWhatItCovers() throws {
    let flat = try #require(Self.thumbnail([UInt8](repeating: 9, count: 48 * 48)))
    #expect(flat.values.allSatisfy { abs($0 - 9) < 1e-4 })
    let levels: [UInt8] = (0..<64 * 64).map { UInt8($0 % 64) }
    let ramp = try #require(Self.thumbnail(levels, side: 64))
    #expect(ramp.values[0] == 0.5 && ramp.values[31] == 62.5)
    let colours = try #require(
      Self.thumbnail((0..<32 * 32).flatMap { _ in [255, 0, 0] as [UInt8] }, side: 32, channels: 3))
    #expect(abs(colours.values[5] - 76.245) < 0.01)
    #expect(Self.thumbnail([1, 2, 3, 4], side: 2) == nil)
  }

  @Test func orientationsOfTheHashAreThoseOfThePicture() throws {
    let picture = try #require(Self.thumbnail(Self.picture(3)))
    let all = try #require(PerceptualHash.all(of: picture))
    for (orientation, hash) in zip(PerceptualHash.Orientation.all, all) {
      let laid = try #require(PerceptualHash.all(of: orientation.apply(picture)))
      #expect(laid[0].distance(hash) <= 2, "\(orientation)")
    }
    #expect(Set(all).count == 8)
    #expect(PerceptualHash.all(of: Thumbnail(values: [Float](repeating: 7, count: 1024))) == nil)
  }

  private func find(_ pictures: [[UInt8]], second: Int) throws -> [NearCopies.Pair] {
    let thumbnails = pictures.map { Self.thumbnail($0) }
    let search = NearCopies(
      hashes: thumbnails.map { $0.flatMap(PerceptualHash.all) },
      progress: WorkLine(.samples, isTerminal: false, write: { _ in }).progress
    ) { thumbnails[$0] }
    return try #require(
      try search.pairs(Array(0..<second), Array(second..<pictures.count)) { one, other in
        pictures[one] == pictures[other]
      })
  }

  @Test func copiesAreFoundHoweverTheyWereMade() throws {
    let originals = (0..<24).map { Self.picture(UInt64($0)) }
    var copies: [[UInt8]] = [Self.mirrored(originals[0]), Self.quarterTurned(originals[1])]
    copies.append(originals[2].map { Self.level(Double($0) * 1.15 + 12) })
    // Fewer levels, as coarse encoding leaves.
    copies.append(originals[3].map { $0 / 8 * 8 + 3 })
    copies.append(Self.turned(originals[4], sine: 0.05))
    copies.append(Self.turned(originals[5], sine: 0, scale: 1.05))
    // An identical one is not told here, and others are none.
    copies += [originals[6], Self.picture(99), Self.picture(98)]
    let pairs = try find(originals + copies, second: 24)
    #expect(pairs.map(\.second) == Array(24..<30) && pairs.map(\.first) == Array(0..<6))
    #expect(pairs.prefix(2).map(\.orientation.description) == ["mirrored", "turned by 90°"])
    #expect(pairs.allSatisfy { $0.correlation > 0.965 })
  }

  /// Drawings of one kind are all much alike, and no copies.
  @Test func picturesThatAreAllAlikeAreNoCopies() throws {
    let base = Self.picture(5, grain: 0)
    let drawings = (0..<30).map { seed -> [UInt8] in
      let other = Self.picture(UInt64(100 + seed), grain: 0)
      return zip(base, other).map { Self.level((Double($0) * 2 + Double($1)) / 3) }
    }
    let copy: [UInt8] = drawings[7].map { Self.level(Double($0) + 9) }
    let pairs = try find(drawings + [copy], second: 20)
    #expect(pairs.map(\.second) == [30] && pairs.map(\.first) == [7])
    #expect(NearCopies.leastCorrelation([0.5, 0.97]) == 0.965)
    #expect(NearCopies.leastCorrelation([Float](repeating: 0.6, count: 40)) == 0.965)
    #expect(NearCopies.leastCorrelation([Float](repeating: 0.95, count: 40)) > 0.99)
    #expect(NearCopies.leastCorrelation([Float](repeating: 1, count: 40)) == 0.995)
  }

  @Test func theCheckTellsCopiesByWhatTheyShow() throws {
    let grey: [[UInt8]] = (0..<4).map { Self.picture(UInt64($0)) }
    let rgb: [UInt8] = grey[0].flatMap { [UInt8](repeating: $0, count: 3) }
    let mirrored = Self.mirrored(grey[1])
    let data = Pictures(train: grey, validation: [rgb, mirrored, Self.picture(50)])
    let quiet = WorkLine(.samples, isTerminal: false, write: { _ in }).progress
    let report = try DatasetCheck.run(data, path: "here", name: "pictures", progress: quiet)
    let leak = try #require(report.findings.first { $0.code == "leak" })
    #expect(leak.count == 1 && leak.examples == ["training: train 0 = validation: validation 0"])
    let near = try #require(report.findings.first { $0.code == "near-leak" })
    #expect(near.count == 1 && near.level == .problem)
    #expect(
      near.examples.first?.hasPrefix("training: train 1 ~ validation: validation 1 (mirrored, correlation 1.0") == true)
    let exact = try DatasetCheck.run(data, path: "here", name: "pictures", seeksNearCopies: false, progress: quiet)
    #expect(!exact.findings.contains { $0.code == "near-leak" })
    // Within training where nothing else is there: a part of it will be held out.
    let alone = Pictures(train: grey + [mirrored], validation: [])
    let warning = try DatasetCheck.run(alone, path: "here", name: "pictures", progress: quiet).findings
    #expect(warning.first { $0.code == "near-copies" }?.count == 1)
  }
}

/// Pictures of 48 × 48 pixels.
private struct Pictures: Dataset {
  let pictures: [Split: [[UInt8]]]
  init(train: [[UInt8]], validation: [[UInt8]]) { pictures = [.train: train, .validation: validation] }
  var specification: DatasetSpecification {
    DatasetSpecification(
      sample: TensorSpecification(.uint8, [-1, -1, -1], layout: "HWC"),
      tasks: [ClassificationTask("kind", classes: ["a", "b"])])
  }
  func count(in split: Split) -> Int { pictures[split]?.count ?? 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }
  func sample(at index: Int, in split: Split) throws -> Tensor {
    guard let picture = pictures[split]?[index] else { throw PluginError("none") }
    return Tensor([48, 48, picture.count / (48 * 48)], picture)
  }
  func name(at index: Int, in split: Split) -> String { "\(split) \(index)" }
}
