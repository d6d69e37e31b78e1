import SentryPluginAPI

/// Features of tracked instances: finds the keypoints that the features need among those of a detector, by name.
package final class KeypointFeatures {
  /// An instance that is out of sight for longer begins anew, in seconds.
  package static let longestGap = 0.5

  package let names: [String]
  private let extractor: ImportedFeatureExtractor
  private let places: [Int]
  private var sessions: [Int: any FeatureSession] = [:]

  /// - Throws: ``PluginError`` naming both sides where the detector lacks a keypoint.
  package init(
    _ extractor: ImportedFeatureExtractor, named name: String, from detector: DetectorSpecification,
    of detectorName: String
  ) throws {
    let missing = extractor.specification.keypoints.filter { !detector.keypoints.contains($0) }
    guard missing.isEmpty else {
      throw PluginError.invalid(
        "the features '\(name)' need the keypoints \(missing.joined(separator: ", ")), which '\(detectorName)' does not find",
        hint: "choose another detector, or other features")
    }
    self.extractor = extractor
    names = extractor.specification.names
    places = extractor.specification.keypoints.compactMap { detector.keypoints.firstIndex(of: $0) }
  }

  /// The features of the next frame that shows an instance.
  /// - Parameters:
  ///   - id: of the instance; each has a session of its own.
  ///   - time: seconds, increasing.
  package func next(_ instance: Instance, id: Int, at time: Double) throws -> [Float] {
    let session = try sessions[id] ?? extractor.makeSession()
    sessions[id] = session
    return try session.next(places.map { instance.keypoints[$0] }, at: time)
  }

  /// Forgets all instances but these.
  package func keep(_ ids: Set<Int>) { sessions = sessions.filter { ids.contains($0.key) } }
}
