import SentryFormats
import SentryPluginAPI

/// The order of keypoints in a recording of OpenPose: two of its models have 25 in different orders, and the files do not tell which.
public enum OpenPoseLayout {
  /// People that are looked at.
  private static let enough = 50

  /// - Parameters:
  ///   - files: the paths of a folder's files, at least one.
  ///   - layout: what the user says it is; nil: told by the number of keypoints, and by where the hips are.
  ///   - wayOut: what a user does where it is another one of 25 keypoints.
  /// - Throws: ``PluginError`` or ``FormatError`` where nobody is in the frames, or the keypoints are no layout's or not this one's.
  public static func of(_ files: [String], layout: KeypointLayout? = nil, wayOut: String) throws -> KeypointLayout {
    var seen: [[Float]] = []
    for file in files {
      seen += try OpenPoseFile(file).people
      if seen.count >= enough { break }
    }
    guard let count = seen.first.map({ $0.count / 3 }) else {
      throw PluginError.badData("\(Paths.folder(of: files[0])): nobody is in any of the frames")
    }
    let named = layout ?? KeypointLayout.usual(count: count)
    guard let named, named.keypoints.count == count else {
      throw PluginError.badData(
        "\(Paths.folder(of: files[0])): people have \(count) keypoints, which do not fit \(named?.name ?? "any layout")"
      )
    }
    let offsets = seen.compactMap(hipOffset).sorted()
    guard layout == nil, named == .body25, !offsets.isEmpty, offsets[offsets.count / 2] > 0.15 else { return named }
    throw PluginError.badData(
      "\(Paths.folder(of: files[0])): the 25 keypoints are not in the order of BODY_25: the middle of the hips is not between them",
      hint: "OpenPose's BODY_25B has another order: \(wayOut)")
  }

  /// A person of BODY_25B, x y confidence a keypoint, in the order of BODY_25. The middle of the hips, which BODY_25B lacks, is put
  /// between them, as sure as the less sure one.
  public static func body25(ofBody25B person: [Float]) -> [Float] {
    func point(_ name: String) -> SIMD3<Float>? {
      KeypointLayout.body25B.keypoints.firstIndex(of: name).map { place in
        SIMD3(person[3 * place], person[3 * place + 1], person[3 * place + 2])
      }
    }
    return KeypointLayout.body25.keypoints.flatMap { name -> [Float] in
      guard let point = point(name) ?? between(point("left_hip"), point("right_hip")) else { return [0, 0, 0] }
      return [point.x, point.y, point.z]
    }
  }

  /// nil unless both were found.
  private static func between(_ one: SIMD3<Float>?, _ other: SIMD3<Float>?) -> SIMD3<Float>? {
    guard let one, let other, one.z > 0, other.z > 0 else { return nil }
    return SIMD3((one.x + other.x) / 2, (one.y + other.y) / 2, min(one.z, other.z))
  }

  /// How far BODY_25's middle of the hips is from between the hips, in heights of the person.
  private static func hipOffset(_ person: [Float]) -> Float? {
    guard person.count == 75, [8, 9, 12].allSatisfy({ person[3 * $0 + 2] > 0 }) else { return nil }
    func point(_ index: Int) -> SIMD2<Float> { SIMD2(person[3 * index], person[3 * index + 1]) }
    let heights = stride(from: 0, to: person.count, by: 3).filter { person[$0 + 2] > 0 }.map { person[$0 + 1] }
    guard let low = heights.min(), let high = heights.max(), high > low else { return nil }
    let way = point(8) - (point(9) + point(12)) / 2
    return (way * way).sum().squareRoot() / (high - low)
  }
}
