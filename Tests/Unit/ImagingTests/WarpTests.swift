import Testing

@testable import SentryImaging

@Suite("Warps of small images")
struct WarpTests {
  private let image: Image = {
    var random = SplitMix64(seed: 9)
    let pixels = (0..<31 * 23).map { _ in UInt8(random.next() & 255) }
    return Image(trusted: 31, 23, 1, pixels)
  }()

  /// Some leave the image on every side, some lie far outside of it, some have a horizon.
  private func maps() -> [Homography] {
    var random = SplitMix64(seed: 4)
    func draw(_ reach: Double) -> Double { (Double(random.next() >> 11) * 0x1p-53 * 2 - 1) * reach }
    let affine = (0..<60).map { _ in
      Homography(
        [0.3 + draw(0.2), draw(0.3), draw(40)], [draw(0.3), 0.3 + draw(0.2), draw(40)])
    }
    let perspective = (0..<30).map { _ in
      Homography(
        [0.3 + draw(0.2), draw(0.3), draw(20)], [draw(0.3), 0.3 + draw(0.2), draw(20)], [draw(0.004), draw(0.004), 1])
    }
    return affine + perspective + [.identity, .scaling(0.25, 0.25), .scaling(-0.2, 0.2)]
  }

  /// The short cut may place a sample 1/32 of a pixel aside where rounding is in the balance; it never takes another pixel.
  @Test("The short cut for small images changes nothing")
  func edge() throws {
    var (lit, different) = (0, 0)
    for map in maps() {
      let plain = try image.sampled(by: map, width: 90, height: 70)
      let short = try image.sampledOverEdge(by: map, width: 90, height: 70)
      for (one, other) in zip(plain.pixels, short.pixels) where one != other {
        different += 1
        #expect(abs(Int(one) - Int(other)) <= 16)
      }
      lit += plain.pixels.count { $0 > 0 }
    }
    #expect(lit > 90_000, "the maps must show something")
    #expect(different * 10_000 <= lit, "\(different) of \(lit)")
  }
}
