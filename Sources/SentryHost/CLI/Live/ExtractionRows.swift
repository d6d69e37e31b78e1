import SentryInference
import SentryPluginAPI
import SentryRuntime

/// What the rows of `extract` hold, what finds it, and what all of it depends on.
struct ExtractionRows {
  /// The name of the detector; empty if another program found the keypoints of all sources.
  let detector: String
  /// What the detector finds.
  let keypoints: [String]
  let instances: String
  let names: [String]
  let settings: JSONValue
  /// nil: all keypoints.
  private let features: String?
  private let parts: LiveParts

  init(
    _ command: Extract, _ recordings: [LandmarkFrames.Recording], _ registry: Registry,
    _ parts: LiveParts
  ) throws {
    self.parts = parts
    features = command.landmarks ? nil : try LiveParts.features(command.features, registry)
    if recordings.contains(where: { !$0.isLandmarks }) {
      detector = try parts.detector(command.detector, for: features, registry)
      let found = try parts.detector(detector).specification
      (keypoints, instances) = (found.keypoints, found.instances)
      guard !keypoints.isEmpty else {
        throw PluginError.invalid(
          "the detector '\(detector)' finds no keypoints", hint: "name another with --detector")
      }
    } else if command.detector != nil {
      throw PluginError.invalid("--detector: landmark files are not searched", hint: "leave it out")
    } else {
      let first = try LandmarkFrames(recordings[0].source.path, command.files.options, rate: nil)
      (detector, keypoints, instances) = ("", first.keypoints, first.instances)
    }
    names =
      try features.map { try parts.extractor($0).specification.names }
      ?? AllKeypoints(keypoints).names
    settings = .object([
      "detector": .string(detector), "features": features.map(JSONValue.string) ?? .null,
      "fps": command.fps.map { .string("\($0)") } ?? .null, "person": .string("\(command.person)"),
      "set": .array(command.settings.map(JSONValue.string)),
      "files": .object(command.files.settings),
    ])
  }

  /// What computes the rows of one source.
  /// - Throws: ``PluginError`` for keypoints that do not give these rows.
  func values(of keypoints: [String], from finder: String) throws -> any RowValues {
    if let features {
      return try KeypointFeatures(
        try parts.extractor(features), named: features,
        from: DetectorSpecification(instances: instances, keypoints: keypoints), of: finder)
    }
    let values = AllKeypoints(keypoints)
    guard values.names == names else {
      throw PluginError.invalid(
        "\(finder) has other keypoints than the sources before it",
        hint: "a folder holds rows of one kind: extract it alone")
    }
    return values
  }
}
