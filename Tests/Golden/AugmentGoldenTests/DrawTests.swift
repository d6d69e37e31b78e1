import Testing

@testable import AugmentFace
@testable import SentryImaging

@Suite("Distributions of drawn parameters")
struct DrawTests {
  private static let draws = 20_000

  private func drawn<T>(_ draw: (inout SplitMix64) -> T?) -> [T] {
    var random = SplitMix64(seed: 2024)
    return (0..<Self.draws).compactMap { _ in draw(&random) }
  }

  /// Uniform over the range: it is filled to its ends and not left, and mean and spread are those of the distribution.
  private func expectUniform(_ values: [Double], _ range: ClosedRange<Double>, step: Double = 0) {
    let width = range.upperBound - range.lowerBound
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let expected = step == 0 ? width * width / 12 : step * step * ((width / step + 1) * (width / step + 1) - 1) / 12
    #expect(values.allSatisfy(range.contains))
    #expect((values.min() ?? .infinity) <= range.lowerBound + 0.002 * width)
    #expect((values.max() ?? -.infinity) >= range.upperBound - 0.002 * width)
    #expect(abs(mean - (range.lowerBound + range.upperBound) / 2) < 0.01 * width)
    #expect(abs(variance / expected - 1) < 0.05)
  }

  private func expectShare(_ count: Int, _ probability: Double) {
    #expect(abs(Double(count) / Double(Self.draws) - probability) < 0.015)
  }

  @Test("Crop corners are uniform over 0...margin")
  func crop() {
    let values = drawn { RandomCrop(margin: 32).draw(size: 224, using: &$0) }
    expectUniform(values.map { Double($0.left) }, 0...32, step: 1)
    expectUniform(values.map { Double($0.top) }, 0...32, step: 1)
    #expect(Set(values.map(\.left)).count == 33)
  }

  @Test("Flip, rotation")
  func flipAndRotation() {
    expectShare(drawn { RandomHorizontalFlip(probability: 0.5).draw(size: 9, using: &$0) }.count, 0.5)
    expectUniform(drawn { RandomRotation(degrees: 20).draw(size: 9, using: &$0) }, -20...20)
  }

  @Test("Affine: shear along x alone, whole translations")
  func affine() {
    let affine = RandomAffine(degrees: 10, translation: 0.15, scale: 0.85...1.15, shear: 10)
    let values = drawn { affine.draw(size: 200, using: &$0) }
    expectUniform(values.map(\.degrees), -10...10)
    expectUniform(values.map(\.scale), 0.85...1.15)
    expectUniform(values.map(\.shear.x), -10...10)
    #expect(values.allSatisfy { $0.shear.y == 0 && abs($0.translation.x) <= 30 && abs($0.translation.y) <= 30 })
    #expect(Set(values.map(\.translation.x)).count == 61 && Set(values.map(\.translation.y)).count == 61)
  }

  @Test("Perspective corners move inwards by up to half of the distortion")
  func perspective() {
    let values = drawn { RandomPerspective(distortion: 0.1, probability: 0.2).draw(size: 224, using: &$0) }
    expectShare(values.count, 0.2)
    for (corner, ranges) in [(0...11, 0...11), (212...223, 0...11), (212...223, 212...223), (0...11, 212...223)]
      .enumerated()
    {
      #expect(Set(values.map { $0[corner].x }) == Set(ranges.0))
      #expect(Set(values.map { $0[corner].y }) == Set(ranges.1))
    }
  }

  @Test("Jitter: factors and all 24 orders")
  func jitter() {
    let values = drawn { ColorJitter(brightness: 0.3, contrast: 0.4, saturation: 0.2, hue: 0.15).draw(using: &$0) }
    var (factors, orders): ([String: [Double]], [String: Int]) = ([:], [:])
    for adjustments in values {
      var order = ""
      for adjustment in adjustments {
        let (name, value): (String, Double) =
          switch adjustment {
          case .brightness(let value): ("b", value)
          case .contrast(let value): ("c", value)
          case .saturation(let value): ("s", value)
          case .hue(let value): ("h", value)
          }
        factors[name, default: []].append(value)
        order += name
      }
      orders[order, default: 0] += 1
    }
    expectUniform(factors["b"] ?? [], 0.7...1.3)
    expectUniform(factors["c"] ?? [], 0.6...1.4)
    expectUniform(factors["s"] ?? [], 0.8...1.2)
    expectUniform(factors["h"] ?? [], -0.15...0.15)
    #expect(orders.count == 24)
    #expect(orders.values.allSatisfy { abs($0 * 24 - Self.draws) < Self.draws / 5 })
  }

  @Test("Blur, sharpness, autocontrast")
  func filters() {
    let blurs = drawn { RandomGaussianBlur(kernelSize: 3, sigma: 0.1...2, probability: 0.2).draw(using: &$0) }
    expectShare(blurs.count, 0.2)
    expectUniform(blurs, 0.1...2)
    expectShare(drawn { RandomAdjustSharpness(factor: 2, probability: 0.3).draw(using: &$0) }.count, 0.3)
    expectShare(drawn { RandomAutocontrast(probability: 0.1).draw(using: &$0) }.count, 0.1)
  }

  @Test("Erasing: area, ratio, inside the picture")
  func erasing() {
    let erasing = RandomErasing(probability: 0.25, area: 0.02...0.2, ratio: 0.3...3.3)
    let values = drawn { erasing.draw(size: 224, using: &$0) }
    expectShare(values.count, 0.25)
    expectUniform(values.map { Double($0.width * $0.height) / (224 * 224) }.map { min(max($0, 0.02), 0.2) }, 0.02...0.2)
    for value in values {
      let ratio = Double(value.height) / Double(value.width)
      #expect(ratio > 0.28 && ratio < 3.5)
      #expect(value.left >= 0 && value.top >= 0 && value.left + value.width <= 224 && value.top + value.height <= 224)
    }
  }

  @Test("An adjustment without a spread is not made, and the others draw as if it were")
  func partialJitter() {
    let jitter = ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0, hue: 0)
    let whole = drawn { ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0.2, hue: 0.2).draw(using: &$0) }
    let values = drawn { jitter.draw(using: &$0) }
    let kept = whole.map { adjustments in
      adjustments.filter {
        switch $0 {
        case .brightness, .contrast: true
        case .saturation, .hue: false
        }
      }
    }
    #expect(values == kept)
  }

  @Test("The mild set draws what it says, and nothing else")
  func mild() throws {
    let mild = try FaceAugmentation.mild(size: 200)
    #expect(mild.resizedSize == 200 && mild.filters.isEmpty && mild.geometry.count == 2)
    let flip = try #require(mild.geometry[0] as? RandomHorizontalFlip)
    expectShare(drawn { flip.draw(size: 200, using: &$0) }.count, 0.5)
    let affine = try #require(mild.geometry[1] as? RandomAffine)
    let values = drawn { affine.draw(size: 200, using: &$0) }
    expectUniform(values.map(\.degrees), -10...10)
    expectUniform(values.map(\.scale), 0.9...1.1)
    #expect(values.allSatisfy { $0.shear == [0, 0] })
    #expect(Set(values.map(\.translation.x)) == Set(-20...20) && Set(values.map(\.translation.y)) == Set(-20...20))
    var factors: [[Double]] = [[], []]
    for adjustment in drawn({ mild.jitter.draw(using: &$0) }).flatMap({ $0 }) {
      switch adjustment {
      case .brightness(let factor): factors[0].append(factor)
      case .contrast(let factor): factors[1].append(factor)
      case .saturation, .hue: Issue.record("\(adjustment)")
      }
    }
    #expect(factors.allSatisfy { $0.count == Self.draws })
    for factors in factors { expectUniform(factors, 0.8...1.2) }
    let rectangles = drawn { mild.erasing.draw(size: 200, using: &$0) }
    expectShare(rectangles.count, 0.25)
    expectUniform(rectangles.map { min(max(Double($0.width * $0.height) / 40_000, 0.02), 0.2) }, 0.02...0.2)
  }

  @Test("The sets are the reference's")
  func sets() throws {
    let standard = try FaceAugmentation.standard(size: 224)
    #expect(standard.resizedSize == 256)
    #expect(try FaceAugmentation.standard(size: 48).resizedSize == 48 + 7)
    let aggressive = try FaceAugmentation.aggressive(size: 224)
    #expect(aggressive.resizedSize == 272)
    #expect(standard.geometry.count == 5 && standard.filters.count == 1)
    #expect(aggressive.geometry.count == 5 && aggressive.filters.count == 3)
  }
}
