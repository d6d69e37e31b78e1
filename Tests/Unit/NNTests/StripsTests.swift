import Testing

@testable import SentryNN

@Suite struct StripsTests {
  @Test(arguments: [1, 2, 3, 8], [1, 17, 64, 392, 393, 576, 2304, 9216, 100_352])
  func stripsCoverEveryPixelOnce(threads: Int, pixels: Int) {
    let strips = Strips(pixels: pixels, threads: threads)
    var next = 0
    for index in 0..<strips.count {
      #expect(strips.start(index) == next)
      #expect((1...strips.length).contains(strips.valid(index)))
      next += strips.valid(index)
    }
    #expect(next == pixels)
    #expect(strips.length <= Strips.maximumLength)
  }

  @Test func publishedSizesFillTheirStrips() {
    for side in [56, 28, 14, 7] {
      let strips = Strips(pixels: 32 * side * side, threads: 2)
      #expect(strips.length == 392)
      #expect(strips.count * strips.length == strips.pixels)
    }
  }

  @Test(arguments: [1, 2, 5, 12, 31, 64], [1, 3, 7, 12, 56])
  func groupsCoverEveryImageOnce(images: Int, side: Int) {
    let algorithms: [ConvolutionShape.Algorithm?] = [.winograd, .winograd, .winograd, nil, .ownWinograd]
    for (threads, winograd) in zip([1, 2, 4, 2, 2], algorithms) {
      let groups = ImageGroups(images: images, height: side, width: side, threads: threads, winograd: winograd)
      #expect((0..<groups.count).reduce(0) { $0 + groups.valid($1) } == images)
      #expect((0..<groups.count).allSatisfy { groups.valid($0) >= 1 })
    }
  }

  @Test func winogradIsForFullTilesAlone() {
    func algorithm(_ side: Int, images: Int) -> ConvolutionShape.Algorithm {
      ImageGroups(images: images, height: side, width: side, threads: 2, winograd: .winograd).algorithm
    }
    for side in [56, 28, 24] { #expect(algorithm(side, images: 1) == .winograd) }
    for side in [16, 14, 12, 8] {
      #expect(algorithm(side, images: 32) == .winograd)
      #expect(algorithm(side, images: 1) == .direct)
    }
    for side in [10, 7, 6, 1] { #expect(algorithm(side, images: 64) == .direct) }
  }
}
