import CFFmpeg
import Glibc
import SentryBase

/// A file that is being written, under a temporary name.
final class Muxer {
  let av: FFmpegFunctions
  let path: String
  private let sink: Sink
  private var context: UnsafeMutablePointer<AVFormatContext>?
  private var stream: UnsafeMutablePointer<AVStream>?

  init(_ path: String, as container: String, _ av: FFmpegFunctions) throws(VideoError) {
    (self.av, self.path) = (av, path)
    sink = try Sink(path, av)
    guard av.pointee.avformat_alloc_output_context2(&context, nil, container, nil) >= 0, let context else {
      throw .outOfMemory(path)
    }
    context.pointee.pb = sink.context
    context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
  }

  deinit { av.pointee.avformat_free_context(context) }

  /// Writes the header for what an encoder makes.
  func begin(_ encoder: UnsafeMutablePointer<AVCodecContext>) throws(VideoError) {
    guard let context, let stream = av.pointee.avformat_new_stream(context, nil),
      av.pointee.avcodec_parameters_from_context(stream.pointee.codecpar, encoder) >= 0
    else { throw .outOfMemory(path) }
    self.stream = stream
    stream.pointee.time_base = encoder.pointee.time_base
    try check { av.pointee.avformat_write_header(context, nil) }
  }

  /// Takes the packet over.
  func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(VideoError) {
    guard let stream else { return }
    packet.pointee.stream_index = stream.pointee.index
    av.pointee.av_packet_rescale_ts(packet, AVRational(num: 1, den: WritingClock.ticks), stream.pointee.time_base)
    try check { av.pointee.av_interleaved_write_frame(context, packet) }
  }

  /// Writes the index and gives the file its name.
  func finish() throws(VideoError) {
    try check { av.pointee.av_write_trailer(context) }
    try sink.finish()
  }

  private func check(_ call: () -> Int32) throws(VideoError) {
    let (status, log) = FFmpeg.logged(call)
    if let failure = sink.failure { throw failure }
    guard status >= 0 else {
      throw VideoError(
        .cannotWrite, place: path, "cannot be written: \(av.words(status, log))", hint: "check the disk")
    }
  }
}
