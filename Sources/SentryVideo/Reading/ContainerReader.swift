import CFFmpeg
import SentryImaging

/// Frames of a file, camera or stream, over FFmpeg's libraries.
final class ContainerReader: FrameReader {
  private(set) var description: VideoDescription
  private let place: String
  private let limits: ImageLimits
  private let demuxer: Demuxer
  private let decoder: Decoder
  private let converter: PixelConverter
  private let timeline: Timeline
  private var pace: Pace?
  private var index = 0
  private var concealed = 0
  /// Seconds that packets were waited for since the frame before.
  private var waited = 0.0
  private var isDraining = false
  /// Freed after the demuxer, which calls it.
  private let gate: InterruptGate

  init(_ source: VideoSource, _ options: ReadingOptions) throws(VideoError) {
    let input = try DemuxerInput(source, options)
    gate = InterruptGate(seconds: input.kind == .file ? nil : options.timeout, isCancelled: options.isCancelled)
    demuxer = try Demuxer(input, gate)
    decoder = try Decoder(demuxer, options.limits)
    converter = PixelConverter(demuxer.av, place: input.place)
    (place, limits) = (input.place, options.limits)
    timeline = Timeline(demuxer, startsAtZero: input.isCamera)
    description = timeline.describe(input.kind, demuxer, codec: decoder.codec)
    if options.keepsPace, description.isLive { pace = Pace() }
  }

  var report: ReadingReport {
    var report = ReadingReport()
    report.undecodable = decoder.faults
    report.concealed = concealed
    report.untimed = timeline.untimed
    report.skipped = pace?.skipped ?? 0
    report.firstFault = decoder.firstFault
    if description.kind == .file, isDraining { report.truncation = timeline.truncation(demuxer) }
    return report
  }

  func next() throws(VideoError) -> DecodedFrame? {
    while true {
      switch try decoder.receive() {
      case .frame(let frame):
        let seconds = timeline.seconds(of: frame)
        if frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 { concealed += 1 }
        defer { index += 1 }
        let isLate = pace?.isLate(seconds, waited: waited) == true
        waited = 0
        if isLate { continue }
        return DecodedFrame(
          index: index, seconds: seconds, image: try converter.image(frame, demuxer.orientation(of: frame)))
      case .needsPacket:
        let start = Clock.seconds
        let packet = try demuxer.next()
        waited += Clock.seconds - start
        if packet == nil { isDraining = true }
        try decoder.send(packet)
      case .end:
        guard index > 0 else { throw nothing() }
        return nil
      }
    }
  }

  private func nothing() -> VideoError {
    if let reason = demuxer.fault {
      return VideoError(
        .truncated, place: place, "ends before its first frame: \(reason)", hint: "copy or record it again")
    }
    return VideoError(
      .undecodable, place: place, "no frame can be decoded" + (decoder.firstFault.map { ": \($0)" } ?? ""),
      hint: "play it with another program; copy or record it again")
  }
}

extension Demuxer {
  /// What the frame states of itself, or its stream.
  func orientation(of frame: UnsafePointer<AVFrame>) -> Orientation {
    if let data = av.pointee.av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX),
      let orientation = Orientation(sideData: data.pointee.data, count: data.pointee.size)
    {
      return orientation
    }
    return orientation
  }

  var orientation: Orientation {
    var count = 0
    let data = av.pointee.av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &count)
    return Orientation(sideData: data, count: count) ?? .upright
  }
}
