import SentryPluginAPI
import SentryRuntime

/// Writes a video with the boxes and skeletons of each frame, and with what is followed and its row.
final class ExtractionPreview {
  private let video: ImportedVideoBackend
  private let writer: any VideoWriter
  private let detector: String
  private let detected: DetectorSpecification

  /// - Throws: ``PluginError`` where the file exists and may not be replaced, or cannot be made.
  init(
    _ path: String, _ video: ImportedVideoBackend, rate: Double, detector: String, _ detected: DetectorSpecification,
    overwrite: Bool
  ) throws {
    try OutputFiles.clear(path, overwrite: overwrite)
    (self.video, self.detector, self.detected) = (video, detector, detected)
    writer = try video.create(path, rate: rate)
  }

  func write(_ frame: VideoFrame, _ instances: [Instance], _ followed: Followed) throws {
    var shown = LiveFrame(
      index: frame.index, time: frame.time, width: frame.image.shape[1], height: frame.image.shape[0])
    shown.sightings = instances.map {
      LiveFrame.Sighting(detector: detector, what: detected.instances, instance: $0)
    }
    let marks = shown.marks(edges: [detector: detected.edges])
    let lines = Self.captions(of: frame.index, at: frame.time, followed).enumerated().map { number, text in
      ImageMark(.text, at: [0.01, 0.01 + Float(number) * shown.lineHeight], colour: [255, 255, 255], text: text)
    }
    try video.draw(marks + lines, on: frame.image)
    try writer.write(frame.image, at: frame.time)
  }

  /// What is written on a frame, line by line: each short enough for the upright video of a phone.
  static func captions(of frame: Int, at time: Double, _ followed: Followed) -> [String] {
    ["frame \(frame), \(NumberText.fixed(time, 3)) s", followed.state] + followed.lines
  }

  func finish() throws { try writer.finish() }
}
