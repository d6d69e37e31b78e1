import CFFmpeg

/// The packets of the best video of a container, camera or stream.
final class Demuxer {
  let av: FFmpegFunctions
  let place: String
  private let gate: InterruptGate
  private(set) var context: UnsafeMutablePointer<AVFormatContext>?
  private(set) var stream: UnsafeMutablePointer<AVStream>
  private(set) var packet: UnsafeMutablePointer<AVPacket>?
  /// Why reading ended before the end of the source.
  private(set) var fault: String?
  private(set) var hasCorruptPackets = false
  private(set) var packets = 0

  init(_ input: DemuxerInput, _ gate: InterruptGate) throws(VideoError) {
    let av = try FFmpeg.load()
    (self.av, place, self.gate) = (av, input.place, gate)
    var context = av.pointee.avformat_alloc_context()
    guard let opened = context else { throw .outOfMemory(input.place) }
    opened.pointee.interrupt_callback = gate.callback
    if input.isCamera { opened.pointee.flags |= AVFMT_FLAG_NONBLOCK }
    let format = try input.format(av)
    gate.begin()
    // Where it fails, it frees the context.
    let (status, log) = FFmpeg.logged {
      av.withOptions(input.options) { av.pointee.avformat_open_input(&context, input.url, format, &$0) }
    }
    guard status >= 0 else {
      throw gate.failure(input.place) ?? input.failure(status, av.words(status, log), log: log)
    }
    do throws(VideoError) {
      stream = try Self.findVideo(av, context, input, gate)
    } catch {
      av.pointee.avformat_close_input(&context)
      throw error
    }
    self.context = context
    packet = av.pointee.av_packet_alloc()
    guard packet != nil else {
      av.pointee.avformat_close_input(&self.context)
      throw .outOfMemory(place)
    }
  }

  deinit {
    av.pointee.av_packet_free(&packet)
    av.pointee.avformat_close_input(&context)
  }

  private static func findVideo(
    _ av: FFmpegFunctions, _ context: UnsafeMutablePointer<AVFormatContext>?, _ input: DemuxerInput,
    _ gate: InterruptGate
  ) throws(VideoError) -> UnsafeMutablePointer<AVStream> {
    guard let context else { throw .outOfMemory(input.place) }
    let format = context.pointee.iformat.pointee.name.map { String(cString: $0) } ?? ""
    if textFormats.contains(format) { throw input.unknownFormat("it holds text") }
    if input.kind == .file, listFormats.contains(format) {
      throw input.unknownFormat("it is a list of other files, which are not followed")
    }
    gate.begin()
    let (status, log) = FFmpeg.logged { av.pointee.avformat_find_stream_info(context, nil) }
    if let failure = gate.failure(input.place) { throw failure }
    guard status >= 0 else { throw input.failure(status, av.words(status, log), log: log) }
    let best = av.pointee.av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
    guard best >= 0, let stream = context.pointee.streams[Int(best)],
      // A cover of an album.
      stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    else {
      let counted = context.pointee.nb_streams == 1 ? "1 stream" : "\(context.pointee.nb_streams) streams"
      throw VideoError(
        .noVideo, place: input.place, "has no video: \(counted) of sound or other data",
        hint: "name a file with a picture")
    }
    for index in 0..<Int(context.pointee.nb_streams) where index != Int(best) {
      context.pointee.streams[index]?.pointee.discard = AVDISCARD_ALL
    }
    return stream
  }

  /// FFmpeg would read the files that they name instead.
  private static let listFormats: Set = ["concat", "hls", "dash", "imf"]
  /// FFmpeg would show a text as a picture of a terminal.
  private static let textFormats: Set = ["tty", "bin", "xbin", "adf", "idf"]

  /// Whether the announced number is that of the packets; that of a QuickTime file includes frames which its edit list hides.
  var countsAllFrames: Bool {
    context?.pointee.iformat.pointee.name.map { String(cString: $0) == "avi" } ?? false
  }

  /// The next packet of the video; nil at the end, which may come early: then there is a ``fault``. Valid until the next call.
  func next() throws(VideoError) -> UnsafeMutablePointer<AVPacket>? {
    guard let packet else { return nil }
    gate.begin()
    while fault == nil {
      av.pointee.av_packet_unref(packet)
      let (status, log) = FFmpeg.logged { av.pointee.av_read_frame(context, packet) }
      if let failure = gate.failure(place) { throw failure }
      switch status {
      case sentry_averror_again:
        // A camera without a new picture.
        if gate.isDue(), let failure = gate.failure(place) { throw failure }
        Clock.sleep(milliseconds: 2)
      case ..<0:
        let ioError = context?.pointee.pb?.pointee.error ?? 0
        if status != sentry_averror_eof {
          fault = av.words(status, log)
        } else if ioError < 0, ioError != sentry_averror_eof {
          fault = av.words(ioError, log)
        } else if !log.isEmpty {
          fault = log
        }
        return nil
      default:
        guard packet.pointee.stream_index == stream.pointee.index else { continue }
        packets += 1
        if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { hasCorruptPackets = true }
        return packet
      }
    }
    return nil
  }
}

extension VideoError {
  static func outOfMemory(_ place: String) -> VideoError {
    VideoError(.outOfMemory, place: place, "not enough memory", hint: "close other programs or use smaller frames")
  }
}
