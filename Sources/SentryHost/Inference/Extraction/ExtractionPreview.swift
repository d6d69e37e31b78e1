import SentryPluginAPI
import SentryRuntime

/// Writes a video with the boxes, skeletons and the state of what is followed on each frame.
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

  /// - Parameter state: one line.
  func write(_ frame: VideoFrame, _ instances: [Instance], state: String) throws {
    var shown = LiveFrame(
      index: frame.index, time: frame.time, width: frame.image.shape[1], height: frame.image.shape[0])
    shown.sightings = instances.map {
      LiveFrame.Sighting(detector: detector, what: detected.instances, instance: $0)
    }
    let line = "frame \(frame.index), \(NumberText.fixed(frame.time, 3)) s: \(state)"
    let marks = shown.marks(edges: [detector: detected.edges])
    try video.draw(marks + [ImageMark(.text, at: [0.01, 0.01], colour: [255, 255, 255], text: line)], on: frame.image)
    try writer.write(frame.image, at: frame.time)
  }

  func finish() throws { try writer.finish() }
}
