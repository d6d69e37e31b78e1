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

  @Test(arguments: [1, 2, 5, 31, 64], [1, 9, 49, 144, 3136])
  func groupsCoverEveryImageOnce(images: Int, area: Int) {
    for threads in [1, 2, 4] {
      let groups = ImageGroups(images: images, pixelsPerImage: area, threads: threads)
      #expect((0..<groups.count).reduce(0) { $0 + groups.valid($1) } == images)
      #expect((0..<groups.count).allSatisfy { groups.valid($0) >= 1 })
    }
  }
}
