import Testing

@testable import AugmentFace
@testable import SentryImaging

@Suite("Geometry against torchvision")
struct GeometricGoldenTests {
  @Test("Moves by whole pixels are exact", arguments: GoldenCase.cases("hflip", "crop"))
  func wholePixels(_ golden: GoldenCase) throws {
    let source = try golden.sourceImage()
    let expected = try golden.expected()
    let map =
      golden.operation == "hflip"
      ? Homography.horizontalFlip(width: source.width)
      : RandomCrop(margin: 9).map(.init(left: Int(golden.parameters[0]), top: Int(golden.parameters[1])), size: 0)
    #expect(try source.warped(by: map, width: expected.width, height: expected.height) == expected)
  }

  @Test("Bilinear maps", arguments: GoldenCase.cases("rotate", "affine", "perspective"))
  func warp(_ golden: GoldenCase) throws {
    let source = try golden.sourceImage()
    let values = golden.parameters
    let size = SIMD2(source.width, source.height)
    let map: Homography =
      switch golden.operation {
      case "rotate": .rotation(degrees: values[0], size: size)
      case "affine":
        .affine(
          degrees: values[0], translation: [values[1], values[2]], scale: values[3], shear: [values[4], values[5]],
          size: size)
      default: try .perspective(corners: corners(values), size: size)
      }
    let result = try source.warped(by: map, width: size.x, height: size.y)
    try expectWithinSampling(result, golden.expected(), source: source, map: map)
  }

  @Test("All of it in one warp", arguments: GoldenCase.cases("composed"))
  func composed(_ golden: GoldenCase) throws {
    let source = try golden.sourceImage()
    let size = 40
    let values = golden.parameters
    let margin = Int(values[0])
    var map = Homography.resize(source: [source.width, source.height], target: [size + margin, size + margin])
    map = map * RandomCrop(margin: margin).map(.init(left: Int(values[1]), top: Int(values[2])), size: size)
    if values[3] == 1 { map = map * RandomHorizontalFlip(probability: 1).map(.init(), size: size) }
    map = map * RandomRotation(degrees: 30).map(values[4], size: size)
    let affine = RandomAffine.Parameters(
      degrees: values[5], translation: [Int(values[6]), Int(values[7])], scale: values[8],
      shear: [values[9], values[10]])
    map = map * RandomAffine(degrees: 15, translation: 0.2, scale: 0.8...1.2, shear: 15).map(affine, size: size)
    map = try map * RandomPerspective(distortion: 0.1, probability: 1).map(corners(Array(values[11...])), size: size)

    let result = try source.warped(by: map, width: size, height: size)
    let expected = try golden.expected()
    let mask = try GoldenCase.image(#require(golden.mask))
    var differences: [Int] = []
    for index in result.pixels.indices where mask.pixels[index / result.channels] == 255 {
      differences.append(abs(Int(result.pixels[index]) - Int(expected.pixels[index])))
    }
    // torchvision interpolates five times, which flattens the waves of the test image a little.
    #expect(differences.count > size * size / 3 * result.channels)
    let mean = Double(differences.reduce(0, +)) / Double(differences.count)
    #expect(mean < 1.5 && (differences.max() ?? 255) <= 5, "mean \(mean), largest \(differences.max() ?? 0)")
  }

  @Test("Pillow's antialiased resize, to the bit", arguments: GoldenCase.cases("resize"))
  func resize(_ golden: GoldenCase) throws {
    let result = try golden.sourceImage().resizedAntialiased(
      width: Int(golden.parameters[0]), height: Int(golden.parameters[1]))
    #expect(try result == golden.expected())
  }

  private func corners(_ values: [Double]) -> [SIMD2<Int>] {
    stride(from: 0, to: 8, by: 2).map { [Int(values[$0]), Int(values[$0 + 1])] }
  }

  /// OpenCV places samples to 1/32 of a pixel, so to 1/64 of it either way along x and along y: a value may differ by
  /// that part of the steepest slope in reach, and by one level for rounding.
  private func expectWithinSampling(_ result: Image, _ expected: Image, source: Image, map: Homography) throws {
    func value(_ x: Int, _ y: Int, _ channel: Int) -> Int {
      guard (0..<source.width).contains(x), (0..<source.height).contains(y) else { return 0 }
      return Int(source.pixels[(y * source.width + x) * source.channels + channel])
    }
    for index in expected.pixels.indices {
      let pixel = index / expected.channels
      let point = map([Double(pixel % expected.width) + 0.5, Double(pixel / expected.width) + 0.5])
      let (x, y) = (Int((point.x - 0.5).rounded(.down)), Int((point.y - 0.5).rounded(.down)))
      let window = (-1...2).flatMap { dy in
        (-1...2).map { dx in value(x + dx, y + dy, index % expected.channels) }
      }
      let range = try Double(#require(window.max()) - #require(window.min()))
      let difference = abs(Int(result.pixels[index]) - Int(expected.pixels[index]))
      #expect(Double(difference) <= 1 + 2 * range / 64 + 0.5, "at \(pixel % expected.width), \(pixel / expected.width)")
    }
  }
}
