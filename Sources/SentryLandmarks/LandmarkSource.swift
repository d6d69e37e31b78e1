import SentryFormats
import SentryPluginAPI

/// What another program found in a video: the keypoints of each person, frame after frame.
public protocol LandmarkSource {
  /// The names of the keypoints, in their order.
  var keypoints: [String] { get }

  /// What is worth telling a user: columns that were not read, how times were made.
  var notes: [String] { get }

  /// Calls `body` with each frame in order; `body` returns whether to go on. Memory does not grow with the number of frames.
  ///
  /// - Throws: ``FormatError`` or ``PluginError`` that names the file and the line, or what `body` throws.
  func forEachFrame(_ body: (LandmarkFrame) throws -> Bool) throws
}

public struct LandmarkFrame: Sendable, Equatable {
  /// As the file numbers it.
  public var index: Int
  /// In seconds; nil where neither the file nor the options tell.
  public var time: Double?
  /// The people. Positions are parts of the picture. A keypoint that was not found is NaN with visibility 0.
  public var instances: [Instance]
}

public struct LandmarkOptions: Sendable {
  /// Width and height of the pictures, where positions are in pixels.
  public var pictureSize: SIMD2<Float>?
  /// Frames per second, where the file has frames but no times.
  public var rate: Double?
  /// What numbered keypoints are; nil: told by their number.
  public var layout: KeypointLayout?

  public init(pictureSize: SIMD2<Float>? = nil, rate: Double? = nil, layout: KeypointLayout? = nil) {
    (self.pictureSize, self.rate, self.layout) = (pictureSize, rate, layout)
  }
}

public enum LandmarkFiles {
  /// The recordings of a path: a CSV file, a folder of OpenPose's JSON files, or a folder of such files and folders.
  /// - Returns: their paths, sorted; empty where there is none.
  public static func recordings(at path: String) -> [String] {
    guard let names = Paths.names(in: path) else { return isTable(path) ? [path] : [] }
    if names.contains(where: isFrame) { return [path] }
    return names.filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let inner = "\(Paths.withoutEndingSlash(path))/\(name)"
      if let files = Paths.names(in: inner) { return files.contains(where: isFrame) ? [inner] : [] }
      return isTable(name) ? [inner] : []
    }
  }

  /// - Throws: ``FormatError`` or ``PluginError`` for what is neither, and for a file whose columns do not tell what they hold.
  public static func open(_ path: String, _ options: LandmarkOptions = LandmarkOptions()) throws -> any LandmarkSource {
    if Paths.names(in: path) != nil { return try OpenPoseFolder(path, options) }
    return try LandmarkTable(path, options)
  }

  private static func isTable(_ name: String) -> Bool { name.lowercased().hasSuffix(".csv") }
  static func isFrame(_ name: String) -> Bool { !name.hasPrefix(".") && name.lowercased().hasSuffix(".json") }
}
