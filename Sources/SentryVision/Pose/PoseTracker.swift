/// Follows one body through a video: where the body is in a frame says where to look in the next one, so the detector runs only
/// where the body is lost or was never seen.
public struct PoseTracker {
  private let estimator: PoseEstimator
  private let smooths: Bool
  private var region: Region?
  private var smoothing = PoseSmoothing()

  /// - Parameter smooths: whether the points are smoothed over time, as MediaPipe smooths them in its video modes. Smoothed points
  ///   lag behind a little, and the points of a frame depend on the frames before it.
  public init(_ estimator: PoseEstimator, smooths: Bool = true) {
    (self.estimator, self.smooths) = (estimator, smooths)
  }

  /// The body in the next frame; nil where there is none. Throws ``NNError``.
  /// - Parameter time: of the frame, from any beginning. It grows from frame to frame.
  public mutating func next(_ view: PixelView, at time: Duration) throws -> Pose? {
    guard let region = try region ?? detect(view), let found = try estimator.find(view, region) else {
      reset()
      return nil
    }
    self.region = found.next
    return smooths ? smoothing.smoothed(found.pose, scale: found.next.size.sum() / 2, view.size, at: time) : found.pose
  }

  /// Whether the next frame's body is looked for where the last one's was.
  public var isTracking: Bool { region != nil }

  /// Forgets the body: for a cut, or another video.
  public mutating func reset() {
    region = nil
    smoothing = PoseSmoothing()
  }

  private func detect(_ view: PixelView) throws -> Region? {
    try estimator.detections(in: view).first.map { estimator.region(of: $0, in: view) }
  }
}
