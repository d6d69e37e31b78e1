import Glibc
import SentryImaging

/// torchvision's `RandomErasing` (Zhong et al., arXiv:1708.04896): sets a rectangle of the normalised picture to 0.
struct RandomErasing: Sendable {
  let probability: Double
  /// The rectangle's part of the area.
  let area: ClosedRange<Double>
  /// Height to width; its logarithm is drawn uniformly.
  let ratio: ClosedRange<Double>

  struct Rectangle: Equatable, Sendable {
    let left: Int
    let top: Int
    let width: Int
    let height: Int
  }

  /// Ten attempts at a rectangle that is smaller than the picture both ways; nil where none is, or nothing is erased.
  func draw(size: Int, using random: inout some RandomNumberGenerator) -> Rectangle? {
    guard random.chance(probability) else { return nil }
    let logarithms = log(ratio.lowerBound)...log(ratio.upperBound)
    for _ in 0..<10 {
      let pixels = Double(size * size) * random.uniform(area)
      let aspect = exp(random.uniform(logarithms))
      let height = Int((pixels * aspect).squareRoot().rounded(.toNearestOrEven))
      let width = Int((pixels / aspect).squareRoot().rounded(.toNearestOrEven))
      guard width < size, height < size else { continue }
      let top = random.uniform(0...size - height)
      return Rectangle(left: random.uniform(0...size - width), top: top, width: width, height: height)
    }
    return nil
  }

  func apply(_ parameters: Rectangle, to picture: UnsafeMutableBufferPointer<Float>, size: Int) {
    for row in parameters.top..<parameters.top + parameters.height {
      let start = row * size + parameters.left
      picture[start..<start + parameters.width].update(repeating: 0)
    }
  }
}
