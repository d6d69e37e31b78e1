import SentryNN
import SentryThreads
import Testing

@testable import SentryVision

@Suite struct RegionTests {
  @Test func aBodyStandsAboveItsHips() {
    // Twice the way to the top, and a quarter more; upright.
    let upright = Region.body(around: [100, 200], reaching: [100, 160])
    #expect(upright.centre == [100, 200] && upright.size == [100, 100] && abs(upright.rotation) < 1e-6)
    // Its head on the right: turned by a quarter, clockwise.
    let lying = Region.body(around: [100, 200], reaching: [140, 200])
    #expect(abs(lying.rotation - .pi / 2) < 1e-6)
    let other = Region.body(around: [100, 200], reaching: [60, 200])
    #expect(abs(other.rotation + .pi / 2) < 1e-6)
    let headstand = Region.body(around: [0, 0], reaching: [0, 40])
    #expect(abs(abs(headstand.rotation) - .pi) < 1e-6)
  }

  @Test func partsBecomePixels() {
    let turned = Region(centre: [10, 20], size: [4, 8], rotation: .pi / 2)
    // The region's right is the picture's lower side, its top the picture's right.
    let (right, top) = (turned.pixel([1, 0.5]), turned.pixel([0.5, 0]))
    #expect(abs(right.x - 10) < 1e-5 && abs(right.y - 22) < 1e-5)
    #expect(abs(top.x - 14) < 1e-5 && abs(top.y - 20) < 1e-5)
    #expect(turned.pixel([0.5, 0.5]) == [10, 20])
  }

  @Test func regionsWithoutSenseAreTold() {
    #expect(Region(centre: [1, 1], size: [1, 1]).isUsable)
    #expect(!Region(centre: [.nan, 1], size: [1, 1]).isUsable)
    #expect(!Region(centre: [1, 1], size: [0, 1]).isUsable)
    #expect(!Region(centre: [1, 1], size: [1, .infinity]).isUsable)
    #expect(!Region(centre: [1e9, 1], size: [1, 1]).isUsable)
    #expect(!Region(centre: [1, 1], size: [1, 1], rotation: .nan).isUsable)
  }

  /// A ramp of 6×4 pixels in rows of 20 bytes: red tells the column, green the row.
  private func withRamp(_ body: (PixelView) throws -> Void) throws {
    var pixels = [UInt8](repeating: 77, count: 4 * 20)
    for row in 0..<4 {
      for column in 0..<6 {
        pixels.replaceSubrange(
          row * 20 + column * 3..<row * 20 + column * 3 + 3, with: [UInt8(32 * column), UInt8(64 * row), 200])
      }
    }
    try pixels.withUnsafeBufferPointer { pixels in
      try body(PixelView(try #require(pixels.baseAddress), width: 6, height: 4, bytesPerRow: 20))
    }
  }

  private func sample(_ view: PixelView, _ region: Region, side: Int, _ edge: RegionSampler.Edge) throws -> [Float] {
    var result = [[Float]]()
    for threads in [1, 2] {
      var target = [Float](repeating: -7, count: side * side * 3)
      try target.withUnsafeMutableBufferPointer { target in
        RegionSampler(side: side, edge: edge, levels: 0...255)
          .sample(view, region, into: try #require(target.baseAddress), try ThreadPool(threadCount: threads))
      }
      result.append(target)
    }
    #expect(result[0] == result[1])
    return result[0]
  }

  private func values(_ sample: [Float], _ count: Int, step: Int, channel: Int) -> [Float] {
    (0..<count).map { sample[$0 * step + channel] }
  }

  @Test func samplesAreBilinear() throws {
    try withRamp { view in
      // Four pixels from (1, 0) on, then the same at twice the size.
      let same = try sample(view, Region(centre: [3, 2], size: [4, 4]), side: 4, .black)
      #expect(values(same, 4, step: 3, channel: 0) == [32, 64, 96, 128])
      #expect(values(same, 4, step: 12, channel: 1) == [0, 64, 128, 192])
      let larger = try sample(view, Region(centre: [3, 2], size: [2, 2]), side: 4, .black)
      #expect(values(larger, 4, step: 3, channel: 0) == [64, 80, 96, 112])
      #expect(values(larger, 4, step: 12, channel: 1) == [64, 96, 128, 160])
      // A quarter turn: right is down.
      let turned = try sample(view, Region(centre: [3, 2], size: [2, 2], rotation: .pi / 2), side: 2, .black)
      #expect(values(turned, 2, step: 3, channel: 1) == [64, 128])
    }
  }

  @Test func beyondTheEdge() throws {
    try withRamp { view in
      let around = Region(centre: [3, 2], size: [16, 16])
      let black = try sample(view, around, side: 16, .black)
      #expect(black[2] == 0 && black[(6 * 16 + 5) * 3 + 2] == 200 && black[(6 * 16 + 4) * 3 + 2] == 0)
      let repeated = try sample(view, around, side: 16, .repeated)
      #expect(repeated[0] == 0 && repeated[1] == 0 && repeated[2] == 200)
      #expect(repeated[(15 * 16 + 15) * 3] == 160 && repeated[(15 * 16 + 15) * 3 + 1] == 192)
      // Half over the edge: half of it counts.
      let half = try sample(view, Region(centre: [0.5, 2], size: [2, 2]), side: 2, .black)
      #expect(half[2] == 100 && half[5] == 200)
      let far = try sample(view, Region(centre: [4_000_000, -4_000_000], size: [9, 9]), side: 3, .black)
      #expect(far.allSatisfy { $0 == 0 })
    }
  }

  @Test func picturesWithoutSenseAreRefused() throws {
    try withRamp { view in
      #expect(throws: NNError.self) { _ = try PixelView(view.pixels, width: 0, height: 4) }
      #expect(throws: NNError.self) { _ = try PixelView(view.pixels, width: 6, height: 4, bytesPerRow: 17) }
      #expect(throws: NNError.self) { _ = try PixelView(view.pixels, width: 6, height: 70_000) }
    }
  }
}
