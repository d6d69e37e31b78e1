/// What a tracker asks of a picture. ``PoseEstimator`` is the one that ships.
protocol BodyFinder {
  /// Where the bodies are, the surest first.
  func regions(in view: PixelView) throws -> [Region]

  /// The body in a region; nil where there is none.
  func find(_ view: PixelView, _ region: Region) throws -> PoseLandmarker.Finding?
}
