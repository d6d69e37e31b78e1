import CFFmpeg
import SentryImaging

/// Turns pictures into frames of one size with even sides, as H.264 has them.
final class FrameCanvas {
  let width: Int32
  let height: Int32
  private let av: FFmpegFunctions
  private let place: String
  private let first: (width: Int, height: Int)
  private var rgb: UnsafeMutablePointer<AVFrame>?
  private var yuv: UnsafeMutablePointer<AVFrame>?
  private var toYUV: OpaquePointer?

  init(_ av: FFmpegFunctions, _ width: Int, _ height: Int, _ place: String) throws(VideoError) {
    (self.av, self.place, first) = (av, place, (width, height))
    (self.width, self.height) = (Int32(width + width % 2), Int32(height + height % 2))
    rgb = try av.frame(AV_PIX_FMT_RGB24, self.width, self.height, place)
    yuv = try av.frame(AV_PIX_FMT_YUV420P, self.width, self.height, place)
    toYUV = av.pointee.sws_getCachedContext(
      nil, self.width, self.height, AV_PIX_FMT_RGB24, self.width, self.height, AV_PIX_FMT_YUV420P, SWS_BICUBIC, nil,
      nil,
      nil)
    guard toYUV != nil else { throw .outOfMemory(place) }
  }

  deinit {
    av.pointee.av_frame_free(&rgb)
    av.pointee.av_frame_free(&yuv)
    av.pointee.sws_freeContext(toYUV)
  }

  /// - Returns: a frame in YUV, the canvas's own, which the next call overwrites.
  func draw(_ image: Image) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
    guard let rgb, let yuv, let toYUV else { throw .outOfMemory(place) }
    // The encoder may still hold the picture before.
    guard av.pointee.av_frame_make_writable(yuv) >= 0 else { throw .outOfMemory(place) }
    copy(try fitted(image.inColour()), to: rgb)
    guard av.scale(toYUV, rgb, to: yuv) == height else {
      throw VideoError(.failed, place: place, "a frame cannot be converted for writing", hint: "check the frame's size")
    }
    return yuv
  }

  private func fitted(_ image: Image) throws(VideoError) -> Image {
    if image.width == first.width, image.height == first.height { return image }
    do throws(ImagingError) {
      return try image.fitted(width: first.width, height: first.height)
    } catch {
      throw VideoError(.failed, place: place, error.reason, hint: error.hint)
    }
  }

  /// With the last row and column again where the canvas is larger by one.
  private func copy(_ image: Image, to rgb: UnsafeMutablePointer<AVFrame>) {
    guard let target = rgb.pointee.data.0 else { return }
    let (stride, bytes) = (Int(rgb.pointee.linesize.0), image.width * 3)
    image.pixels.withUnsafeBufferPointer { pixels in
      guard let source = pixels.baseAddress else { return }
      for row in 0..<Int(height) {
        let from = source + min(row, image.height - 1) * bytes
        let to = target + row * stride
        to.update(from: from, count: bytes)
        if image.width < width { (to + bytes).update(from: from + bytes - 3, count: 3) }
      }
    }
  }
}
