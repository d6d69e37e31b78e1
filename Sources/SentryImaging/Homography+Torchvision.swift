import COpenCV
import Glibc

/// The maps behind torchvision's functional transforms of images, with its conventions of sign and centre.
extension Homography {
  /// `resize`: a result of `target` pixels shows the whole image of `source` pixels (x, y).
  public static func resize(source: SIMD2<Int>, target: SIMD2<Int>) -> Homography {
    scaling(Double(source.x) / Double(target.x), Double(source.y) / Double(target.y))
  }

  /// `crop` at the given corner, in pixels.
  public static func crop(left: Int, top: Int) -> Homography { translation(Double(left), Double(top)) }

  /// `hflip` of an image of that width.
  public static func horizontalFlip(width: Int) -> Homography { Homography([-1, 0, Double(width)], [0, 1, 0]) }

  /// `rotate` by degrees, counter-clockwise about the centre, at the same size.
  public static func rotation(degrees: Double, size: SIMD2<Int>) -> Homography {
    affine(degrees: -degrees, translation: .zero, scale: 1, shear: .zero, size: size)
  }

  /// `affine`: clockwise degrees about the centre, then a translation in pixels; the shear in degrees along x and y.
  ///
  /// The inverse of R(degrees) · scale · shearY · shearX, as torchvision's `_get_inverse_affine_matrix` has it.
  public static func affine(
    degrees: Double, translation shift: SIMD2<Double>, scale: Double, shear: SIMD2<Double>, size: SIMD2<Int>
  ) -> Homography {
    let angle = degrees * .pi / 180
    let (shearX, shearY) = (shear.x * .pi / 180, shear.y * .pi / 180)
    let a = cos(angle - shearY) / cos(shearY)
    let b = -cos(angle - shearY) * tan(shearX) / cos(shearY) - sin(angle)
    let c = sin(angle - shearY) / cos(shearY)
    let d = -sin(angle - shearY) * tan(shearX) / cos(shearY) + cos(angle)
    let inverse = Homography([d / scale, -b / scale, 0], [-c / scale, a / scale, 0])
    let (x, y) = (Double(size.x) / 2, Double(size.y) / 2)
    return translation(x, y) * inverse * translation(-x - shift.x, -y - shift.y)
  }

  /// `perspective`: moves the corner pixels of the image to `corners` (top left, top right, bottom right, bottom left).
  ///
  /// torchvision names corners by the indices of their pixels and yet applies the map to pixel centres; so does this.
  ///
  /// - Throws: ``ImagingError`` with code `invalidArgument` where three corners lie on a line.
  public static func perspective(corners: [SIMD2<Int>], size: SIMD2<Int>) throws(ImagingError) -> Homography {
    guard corners.count == 4 else {
      throw .invalidArgument("\(corners.count) corners of an image", hint: "give four")
    }
    let (right, bottom) = (Float(size.x - 1), Float(size.y - 1))
    let original: [Float] = [0, 0, right, 0, right, bottom, 0, bottom]
    let moved = corners.flatMap { [Float($0.x), Float($0.y)] }
    var map = [Double](repeating: 0, count: 9)
    let status = OpenCVStatus { message, size in sentry_cv_perspective(moved, original, &map, message, size) }
    try status.check("no perspective takes the corners to \(corners)", hint: "no three corners may lie on a line")
    return Homography([map[0], map[1], map[2]], [map[3], map[4], map[5]], [map[6], map[7], map[8]])
  }
}
