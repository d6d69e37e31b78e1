import CFFmpeg

/// H.264 by libx264, in the thread that calls.
final class Encoder {
  private let muxer: Muxer
  private let path: String
  private var context: UnsafeMutablePointer<AVCodecContext>?
  private var packet: UnsafeMutablePointer<AVPacket>?
  private var av: FFmpegFunctions { muxer.av }

  init(_ muxer: Muxer, _ canvas: FrameCanvas, rate: Double, quality: Int) throws(VideoError) {
    (self.muxer, path) = (muxer, muxer.path)
    guard let codec = muxer.av.pointee.avcodec_find_encoder_by_name("libx264") else {
      throw VideoError(
        .missingLibrary, place: muxer.path, "FFmpeg was built without libx264", hint: "install Debian's libavcodec59")
    }
    context = muxer.av.pointee.avcodec_alloc_context3(codec)
    packet = muxer.av.pointee.av_packet_alloc()
    guard let context, packet != nil else { throw .outOfMemory(muxer.path) }
    (context.pointee.width, context.pointee.height) = (canvas.width, canvas.height)
    context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    context.pointee.time_base = AVRational(num: 1, den: WritingClock.ticks)
    context.pointee.framerate = AVRational(num: Int32((rate * 1000).rounded()), den: 1000)
    context.pointee.thread_count = 1
    // What libswscale makes of RGB unless it is told otherwise.
    context.pointee.colorspace = AVCOL_SPC_SMPTE170M
    context.pointee.color_range = AVCOL_RANGE_MPEG
    context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
    // Without B-frames, a file that breaks off loses no more than its last frame.
    context.pointee.max_b_frames = 0
    let (status, log) = FFmpeg.logged { [av = muxer.av] in
      av.withOptions(["preset": "superfast", "crf": "\(quality)"]) { av.pointee.avcodec_open2(context, codec, &$0) }
    }
    guard status >= 0 else {
      throw VideoError(
        .failed, place: path, "frames of \(canvas.width)×\(canvas.height) cannot be encoded: \(av.words(status, log))",
        hint: "H.264 takes sides from 16 to 16384 pixels")
    }
    try muxer.begin(context)
  }

  deinit {
    av.pointee.av_packet_free(&packet)
    av.pointee.avcodec_free_context(&context)
  }

  func encode(_ frame: UnsafeMutablePointer<AVFrame>, at stamp: Int64) throws(VideoError) {
    frame.pointee.pts = stamp
    try send(frame)
    try writePackets(duration: 0)
  }

  /// - Parameter step: how long the last frame is shown.
  func finish(after step: Int64) throws(VideoError) {
    try send(nil)
    try writePackets(duration: step)
  }

  private func send(_ frame: UnsafeMutablePointer<AVFrame>?) throws(VideoError) {
    let (status, log) = FFmpeg.logged { av.pointee.avcodec_send_frame(context, frame) }
    guard status >= 0 else { throw failure(status, log) }
  }

  private func writePackets(duration: Int64) throws(VideoError) {
    guard let packet else { return }
    while true {
      let (status, log) = FFmpeg.logged { av.pointee.avcodec_receive_packet(context, packet) }
      if status == sentry_averror_again || status == sentry_averror_eof { return }
      guard status >= 0 else { throw failure(status, log) }
      packet.pointee.duration = duration
      try muxer.write(packet)
    }
  }

  private func failure(_ status: Int32, _ log: String) -> VideoError {
    VideoError(
      .failed, place: path, "a frame cannot be encoded: \(av.words(status, log))", hint: "choose smaller frames")
  }
}
