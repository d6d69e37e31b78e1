import CFFmpeg
import Glibc
import SentryImaging

/// Turns packets into frames, in the thread that calls: a plugin starts no threads of its own.
final class Decoder {
  enum Outcome {
    /// Valid until the next call.
    case frame(UnsafeMutablePointer<AVFrame>)
    case needsPacket
    case end
  }

  private let av: FFmpegFunctions
  private let place: String
  private var context: UnsafeMutablePointer<AVCodecContext>?
  private var frame: UnsafeMutablePointer<AVFrame>?
  private(set) var faults = 0
  private(set) var firstFault: String?
  let codec: String

  init(_ demuxer: Demuxer, _ limits: ImageLimits) throws(VideoError) {
    (av, place) = (demuxer.av, demuxer.place)
    let parameters = demuxer.stream.pointee.codecpar
    let id = parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE
    codec = av.pointee.avcodec_get_name(id).map { String(cString: $0) } ?? "unknown"
    guard let decoder = av.pointee.avcodec_find_decoder(id) else {
      throw VideoError(
        .unknownFormat, place: place, "FFmpeg has no decoder for its video (\(codec))",
        hint: "convert it: ffmpeg -i IN -c:v libx264 OUT.mp4")
    }
    context = av.pointee.avcodec_alloc_context3(decoder)
    frame = av.pointee.av_frame_alloc()
    guard let context, frame != nil, av.pointee.avcodec_parameters_to_context(context, parameters) >= 0 else {
      free()
      throw .outOfMemory(place)
    }
    context.pointee.thread_count = 1
    context.pointee.max_pixels = Int64(limits.pixels)
    context.pointee.pkt_timebase = demuxer.stream.pointee.time_base
    let (status, log) = FFmpeg.logged { [av] in av.pointee.avcodec_open2(context, decoder, nil) }
    guard status >= 0 else {
      let words = av.words(status, log)
      free()
      throw VideoError(
        .undecodable, place: place, "the decoder of \(codec) cannot be started: \(words)",
        hint: "convert it: ffmpeg -i IN -c:v libx264 OUT.mp4")
    }
  }

  deinit { free() }

  private func free() {
    av.pointee.av_frame_free(&frame)
    av.pointee.avcodec_free_context(&context)
  }

  /// - Parameter packet: nil after the last one.
  func send(_ packet: UnsafeMutablePointer<AVPacket>?) throws(VideoError) {
    let (status, log) = FFmpeg.logged { av.pointee.avcodec_send_packet(context, packet) }
    if status < 0, status != sentry_averror_eof { try note(status, log) }
  }

  func receive() throws(VideoError) -> Outcome {
    guard let frame else { return .end }
    while true {
      let (status, log) = FFmpeg.logged { av.pointee.avcodec_receive_frame(context, frame) }
      switch status {
      case 0...: return .frame(frame)
      case sentry_averror_again: return .needsPacket
      case sentry_averror_eof: return .end
      default: try note(status, log)
      }
    }
  }

  private func note(_ status: Int32, _ log: String) throws(VideoError) {
    if status == -ENOMEM { throw .outOfMemory(place) }
    faults += 1
    firstFault = firstFault ?? av.words(status, log)
  }
}
