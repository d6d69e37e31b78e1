/// Gives faces numbers that they keep through a video. Every frame is searched.
public struct FaceTracker {
  public struct Face: Equatable, Sendable {
    /// 1, 2, … in the order in which they were first seen.
    public var id: Int
    public var detection: Detection
  }

  private let detector: FaceDetector
  private var numbers = NumbersByOverlap()

  public init(_ detector: FaceDetector) { self.detector = detector }

  /// The faces in the next frame, the surest first. Throws ``NNError``.
  /// - Parameter time: of the frame, from any beginning. It grows from frame to frame.
  public mutating func next(_ view: PixelView, at time: Duration) throws -> [Face] {
    let faces = try detector.faces(in: view)
    return zip(numbers.next(faces.map(\.box), at: time), faces).map(Face.init)
  }
}
