import SentryFormats
import SentryLandmarks
import SentryPluginAPI
import SentryPosture

/// The keypoints of a recording: one `.npy` of (frames, features), or OpenPose's JSON files.
enum SessionKeypoints {
  static func read(_ session: String, host: Host) throws -> (frames: Frames, skeleton: Skeleton?) {
    let folder = "\(session)/\(SessionFile.keypoints)"
    let names = try FileSystem.names(in: folder)
    let arrays = names.filter { $0.lowercased().hasSuffix(".npy") }
    let isOpenPose = names.contains { $0.lowercased().hasSuffix(".json") }
    guard arrays.count + (isOpenPose ? 1 : 0) == 1 else {
      throw PluginError.badData(
        "\(folder): holds \(arrays.isEmpty && !isOpenPose ? "no keypoints" : "more than one form of keypoints")",
        hint: "put one .npy file of (frames, features) there, or OpenPose's JSON files")
    }
    guard let array = arrays.first else { return try openPose(folder, host: host) }
    let path = "\(folder)/\(array)"
    let (shape, values) = try mappingFormatErrors {
      let tensor = try NPYFile.read(path)
      guard tensor.shape.count == 2, tensor.shape[1] > 0 else { return (tensor.shape, [Float]()) }
      return (tensor.shape, try tensor.floats())
    }
    guard shape.count == 2, shape[1] > 0 else {
      throw PluginError.badData("\(path): has the shape \(shape), (frames, features) is expected")
    }
    var frames = Frames(width: shape[1])
    frames.append(values)
    return (frames, nil)
  }

  /// A frame without the person, or without a file, repeats the one before it: seconds must keep their places.
  private static func openPose(_ folder: String, host: Host) throws -> (frames: Frames, skeleton: Skeleton?) {
    let files = try FileSystem.names(in: folder).filter { $0.lowercased().hasSuffix(".json") }
    _ = try OpenPose.layout(
      folder, files, named: nil, wayOut: "record with the default model, or prepare the recording as openpose")
    var tracker = PersonTracker()
    var frames: Frames?
    var last: [Float] = []
    let numbers = FrameNumbers(files)
    for (index, file) in files.enumerated() {
      try host.checkCancellation()
      for _ in 0..<numbers.missing(before: index) { frames?.append(last) }
      let people = try mappingFormatErrors { try OpenPoseFile("\(folder)/\(file)").people }
      if let person = tracker.follow(people) { last = person }
      guard !last.isEmpty else {
        throw PluginError.badData("\(folder)/\(file): nobody is visible in the first frame", hint: "trim the recording")
      }
      if frames == nil { frames = Frames(width: last.count) }
      guard frames?.width == last.count else {
        throw PluginError.badData("\(folder)/\(file): has another number of joints than the files before it")
      }
      frames?.append(last)
    }
    guard let frames else { throw PluginError.badData("\(folder): holds no keypoints") }
    return (frames, .openPose(width: frames.width))
  }
}
