public import SentryPluginAPI

/// The model files of MediaPipe 0.10.14, which its wheel holds: later wheels hold none.
public enum MediaPipeFile {
  public static let faceShortRange = file(
    "face_detection_short_range.tflite", in: "face_detection", group: "face", bytes: 229_714,
    "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8")
  public static let poseDetection = file(
    "pose_detection.tflite", in: "pose_detection", group: "pose", bytes: 2_959_046,
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c")
  public static let poseLandmarkFull = file(
    "pose_landmark_full.tflite", in: "pose_landmark", group: "pose", bytes: 6_440_512,
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f")

  private static func file(_ name: String, in module: String, group: String, bytes: Int, _ sha256: String)
    -> RequiredFile
  {
    RequiredFile(
      name, sha256: sha256, bytes: bytes, group: group,
      package: .pypi("mediapipe", "0.10.14", member: "mediapipe/modules/\(module)/\(name)"), licence: "Apache-2.0")
  }
}

extension RequiredFile {
  /// The path that an option was given.
  /// - Throws: ``PluginError`` for an empty one, which a host passes that does not know ``OptionDeclaration/file(_:_:_:)``.
  public func path(_ given: String, option: String) throws -> String {
    guard given.isEmpty else { return given }
    throw PluginError.invalid(
      "the option '\(option)' names no file", hint: "set it to the path of \(name) of MediaPipe 0.10.14")
  }
}
