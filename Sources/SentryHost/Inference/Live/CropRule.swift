import Glibc
import SentryPluginAPI

extension Recipe.Crop {
  /// Whether a picture is a sample like those of the training, and is taken whole.
  package func takesWhole(width: Int, height: Int) -> Bool { max(width, height) <= whole }

  /// The rectangle that the model sees: the box with a margin on each side, extended to a square around its centre.
  ///
  /// - Parameters:
  ///   - names: of the instance's keypoints.
  ///   - aligned: whether it is turned so that the line between the two keypoints of `align` is horizontal.
  /// - Throws: ``PluginError`` if the detector does not have these keypoints.
  package func region(
    of instance: Instance, keypoints names: [String], width: Int, height: Int, aligned: Bool
  ) throws -> ImageRegion {
    let (w, h) = (Double(width), Double(height))
    let box = instance.box
    var region = ImageRegion(
      x: (Double(box.x) + Double(box.width) / 2) * w, y: (Double(box.y) + Double(box.height) / 2) * h,
      width: Double(box.width) * w * (1 + 2 * margin), height: Double(box.height) * h * (1 + 2 * margin))
    if square {
      let side = max(region.width, region.height)
      (region.width, region.height) = (side, side)
    }
    region.width = max(region.width, 1)
    region.height = max(region.height, 1)
    if aligned {
      let points = align.compactMap { names.firstIndex(of: $0) }.map { instance.keypoints[$0] }
      guard points.count == 2 else {
        throw PluginError.invalid(
          "the pictures cannot be aligned: the detector does not have the keypoints \(align.joined(separator: ", "))",
          hint: "leave --align out")
      }
      region.rotation = atan2(Double(points[1].y - points[0].y) * h, Double(points[1].x - points[0].x) * w)
    }
    return region
  }
}
