import SentryPluginAPI
import SentryRuntime

/// Something that receives every frame with what the models said about it.
package protocol LiveSink: AnyObject {
  /// Whether what it receives is drawn on.
  var isDrawn: Bool { get }

  /// - Parameter image: uint8 [H, W, 3] RGB.
  func receive(_ image: Tensor, _ frame: LiveFrame) throws -> LiveCommand

  /// The end, after the last frame or an interruption.
  func finish() throws
}

/// What a sink asks of the loop.
package enum LiveCommand: Sendable { case go, quit }

/// Frames through a pipeline to sinks. While the sinks have one frame, the models have the next: each stage has a thread.
package struct LiveLoop {
  package struct Summary: Sendable {
    package var frames = 0
    package var lost = 0
    package var seconds = 0.0
    /// Frames without any instance.
    package var empty = 0
  }

  private let stream: FrameStream
  private let pipeline: LivePipeline
  private let video: ImportedVideoBackend
  private let sinks: [any LiveSink]
  private let limit: Int
  private let edges: [String: [[Int]]]

  /// - Parameter limit: of frames; 0: none.
  package init(
    stream: FrameStream, pipeline: LivePipeline, video: ImportedVideoBackend, sinks: [any LiveSink], limit: Int = 0
  ) {
    (self.stream, self.pipeline, self.video, self.sinks, self.limit) = (stream, pipeline, video, sinks, limit)
    edges = Dictionary(pipeline.detectors.map { ($0.name, $0.specification.edges) }) { first, _ in first }
  }

  /// Runs until the end of the source, the limit, an interruption, or a sink that asks for the end. Sinks run on the calling
  /// thread.
  package func run() throws -> Summary {
    var summary = Summary()
    let clock = ContinuousClock()
    let start = clock.now
    let answered = try answeredFrames()
    defer {
      stream.stop()
      answered.stop()
    }
    while !HostState.shared.isCancelled, let (image, result) = try answered.next() {
      summary.frames += 1
      if result.sightings.isEmpty { summary.empty += 1 }
      summary.seconds = (clock.now - start) / .seconds(1)
      guard try show(image, result) else { break }
    }
    stream.stop()
    for sink in sinks { try sink.finish() }
    summary.seconds = (clock.now - start) / .seconds(1)
    summary.lost = stream.lostFrames
    return summary
  }

  /// At most three images are under way: in the sinks, before them, and in the models.
  private func answeredFrames() throws -> AheadQueue<(image: Tensor, frame: LiveFrame)> {
    var count = 0
    return try AheadQueue("sentry-models", room: 1) { [stream, pipeline, limit] in
      guard limit == 0 || count < limit, let frame = try stream.next() else { return nil }
      count += 1
      return (frame.image, try pipeline.next(frame))
    }
  }

  private func show(_ image: Tensor, _ result: LiveFrame) throws -> Bool {
    // What draws comes last, because it changes the image.
    for sink in sinks where !sink.isDrawn {
      if case .quit = try sink.receive(image, result) { return false }
    }
    let drawing = sinks.filter(\.isDrawn)
    guard !drawing.isEmpty else { return true }
    try video.draw(result.marks(edges: edges), on: image)
    for sink in drawing {
      if case .quit = try sink.receive(image, result) { return false }
    }
    return true
  }
}
