import SentryFormats
import SentryPluginAPI

/// One JSON file of OpenPose (Cao et al., "OpenPose", 2019), format 1.x: the people of a frame.
public struct OpenPoseFile {
  private struct Contents: Decodable {
    struct Person: Decodable {
      var points: [Float]
      enum CodingKeys: String, CodingKey { case points = "pose_keypoints_2d" }
    }
    var people: [Person]
  }

  /// x, y and confidence of each keypoint. People without any keypoint are left out.
  public let people: [[Float]]

  /// Throws ``FormatError`` or ``PluginError`` (bad data).
  public init(_ path: String) throws {
    let contents: Contents
    do {
      contents = try JSON.decode(from: try TextFile.read(path, limit: 64 << 20), what: path)
    } catch let error as PluginError {
      throw PluginError.badData(error.message, hint: error.hint)
    }
    people = try contents.people.map(\.points).compactMap { points in
      if points.isEmpty { return nil }
      guard [54, 75].contains(points.count) else {
        throw PluginError.badData(
          "\(path): a person has \(points.count) numbers, 54 (18 keypoints) or 75 (25 keypoints) are expected")
      }
      guard points.allSatisfy(\.isFinite) else { throw PluginError.badData("\(path): a person holds NaN or infinity") }
      return stride(from: 2, to: points.count, by: 3).contains { points[$0] > 0 } ? points : nil
    }
  }
}
