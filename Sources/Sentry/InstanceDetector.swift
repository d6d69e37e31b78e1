internal import SentryInference
internal import SentryPluginAPI

/// Something that a detector found in a frame.
public struct DetectedInstance: Sendable, Equatable {
  /// A named point. `x` and `y` are parts of the frame's width and height, and may lie outside of 0…1.
  public struct Keypoint: Sendable, Equatable {
    public let name: String
    public let x, y: Float
    /// Depth in the scale of `x`, smaller is nearer; 0 if it is not known.
    public let z: Float
    /// The probability that the point is visible, 0…1.
    public let visibility: Float
  }

  public let box: Rectangle
  /// 0…1.
  public let score: Float
  /// The same number is the same instance in all frames of a video; nil without tracking.
  public let id: Int?
  public let keypoints: [Keypoint]
  let instance: Instance
}

/// A detector plugin. For use by one thread at a time.
public final class InstanceDetector {
  private let runtime: LibraryRuntime
  let detector: ImportedDetector
  let name: String
  private var session: (any DetectorSession)?

  /// - Parameter name: of the component, as `sentry plugins list` shows it.
  public init(_ name: String, plugins: Plugins = .standard) throws {
    self.name = name
    runtime = try plugins.runtime()
    detector = try runtime.using { try $0.detector(name) }
  }

  /// What it finds, in one word.
  public var finds: String { detector.specification.instances }

  /// The instances in one picture, highest score first.
  public func detect(in frame: Frame) throws -> [DetectedInstance] {
    try runtime.using { _ in try detector.detect(in: frame.image).map { named($0, in: frame) } }
  }

  /// The instances in the next frame of a video; each keeps its `id`.
  public func track(_ frame: Frame) throws -> [DetectedInstance] {
    try runtime.using { _ in
      let session = try session ?? detector.makeSession()
      self.session = session
      return try session.next(frame.image, at: frame.time).map { named($0, in: frame) }
    }
  }

  /// Ends the tracking; the next frame begins a new video.
  public func reset() { session = nil }

  private func named(_ instance: Instance, in frame: Frame) -> DetectedInstance {
    DetectedInstance(
      box: Rectangle(instance.box, in: frame), score: instance.score, id: instance.id,
      keypoints: zip(detector.specification.keypoints, instance.keypoints).map { name, point in
        .init(name: name, x: point.x, y: point.y, z: point.z, visibility: point.visibility)
      }, instance: instance)
  }
}

/// Features of one instance over time. For use by one thread at a time.
public final class InstanceFeatures {
  private let features: KeypointFeatures
  private let runtime: LibraryRuntime
  /// The names of the values of a vector.
  public var names: [String] { features.names }

  /// - Parameters:
  ///   - name: of the component, as `sentry plugins list` shows it.
  ///   - detector: whose keypoints the features are computed from.
  public init(_ name: String, of detector: InstanceDetector, plugins: Plugins = .standard) throws {
    let runtime = try plugins.runtime()
    self.runtime = runtime
    features = try runtime.using {
      try KeypointFeatures(
        try $0.extractor(name), named: name, from: detector.detector.specification, of: detector.name)
    }
  }

  /// The vector of the next frame that shows the instance.
  public func next(_ instance: DetectedInstance, at time: Double) throws -> [Float] {
    try runtime.using { _ in try features.next(instance.instance, id: instance.id ?? -1, at: time) }
  }
}
