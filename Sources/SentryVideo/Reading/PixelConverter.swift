import CFFmpeg
import SentryImaging

/// Turns decoded frames of whatever format and size into upright RGB, over libswscale.
///
/// Colour: the matrix and range that the video states, ITU-R BT.601 and limited range where it states none; chroma is enlarged
/// bicubically. These are the pixels that `ffmpeg -pix_fmt rgb24` writes.
final class PixelConverter {
  private let av: FFmpegFunctions
  private let place: String
  private var scaler: OpaquePointer?
  /// Rows with gaps, as libswscale's vector code wants them.
  private var padded: UnsafeMutablePointer<AVFrame>?

  init(_ av: FFmpegFunctions, place: String) { (self.av, self.place) = (av, place) }

  deinit {
    av.pointee.av_frame_free(&padded)
    av.pointee.sws_freeContext(scaler)
  }

  func image(_ frame: UnsafeMutablePointer<AVFrame>, _ orientation: Orientation) throws(VideoError) -> Image {
    let (width, height) = (frame.pointee.width, frame.pointee.height)
    padded = try av.rgbFrame(replacing: padded, width, height, place)
    guard let padded else { throw .outOfMemory(place) }
    scaler = av.pointee.sws_getCachedContext(
      scaler, width, height, AVPixelFormat(frame.pointee.format), width, height, AV_PIX_FMT_RGB24, SWS_BICUBIC,
      nil, nil, nil)
    guard let scaler else { throw unconvertible(width, height) }
    av.setColour(scaler, of: frame)
    guard av.scale(scaler, frame, to: padded) == height else { throw unconvertible(width, height) }
    do throws(ImagingError) {
      let image = try Image(
        width: Int(width), height: Int(height), channels: 3, pixels: padded.rgbWithoutGaps)
      return try image.turned(quarters: orientation.quarterTurns, mirrored: orientation.isMirrored)
    } catch {
      throw VideoError(.failed, place: place, error.reason, hint: error.hint)
    }
  }

  private func unconvertible(_ width: Int32, _ height: Int32) -> VideoError {
    VideoError(
      .undecodable, place: place, "frames of \(width)×\(height) cannot be converted to RGB",
      hint: "convert the video: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p OUT.mp4")
  }
}

extension FFmpegFunctions {
  /// An RGB frame of the given size: the old one where it fits.
  func rgbFrame(
    replacing old: UnsafeMutablePointer<AVFrame>?, _ width: Int32, _ height: Int32, _ place: String
  ) throws(VideoError) -> UnsafeMutablePointer<AVFrame>? {
    if let old, old.pointee.width == width, old.pointee.height == height { return old }
    var old = old
    pointee.av_frame_free(&old)
    return try frame(AV_PIX_FMT_RGB24, width, height, place)
  }

  func frame(
    _ format: AVPixelFormat, _ width: Int32, _ height: Int32, _ place: String
  ) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
    var frame = pointee.av_frame_alloc()
    guard let made = frame else { throw .outOfMemory(place) }
    (made.pointee.format, made.pointee.width, made.pointee.height) = (format.rawValue, width, height)
    guard pointee.av_frame_get_buffer(made, 0) >= 0 else {
      pointee.av_frame_free(&frame)
      throw .outOfMemory(place)
    }
    return made
  }

  /// The matrix and range that a frame states.
  func setColour(_ scaler: OpaquePointer, of frame: UnsafePointer<AVFrame>) {
    let matrix = pointee.sws_getCoefficients(Int32(bitPattern: frame.pointee.colorspace.rawValue))
    let plain = pointee.sws_getCoefficients(SWS_CS_DEFAULT)
    let isFull = frame.pointee.color_range == AVCOL_RANGE_JPEG ? 1 : 0 as Int32
    _ = pointee.sws_setColorspaceDetails(scaler, matrix, isFull, plain, 1, 0, 1 << 16, 1 << 16)
  }

  /// - Returns: how many rows were written.
  func scale(_ scaler: OpaquePointer, _ source: UnsafePointer<AVFrame>, to target: UnsafePointer<AVFrame>) -> Int32 {
    func planes(_ data: UInt8Planes) -> [UnsafeMutablePointer<UInt8>?] { [data.0, data.1, data.2, data.3] }
    func strides(_ sizes: PlaneStrides) -> [Int32] { [sizes.0, sizes.1, sizes.2, sizes.3] }
    let from = planes(source.pointee.data).map { UnsafePointer<UInt8>($0) }
    return pointee.sws_scale(
      scaler, from, strides(source.pointee.linesize), 0, source.pointee.height, planes(target.pointee.data),
      strides(target.pointee.linesize))
  }
}

typealias UInt8Planes = (
  UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?,
  UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?,
  UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?
)
typealias PlaneStrides = (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32)

extension UnsafeMutablePointer<AVFrame> {
  /// The pixels of an RGB frame, row by row.
  var rgbWithoutGaps: [UInt8] {
    let (width, height) = (Int(pointee.width) * 3, Int(pointee.height))
    return [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      guard let from = pointee.data.0, let to = target.baseAddress else { return }
      for row in 0..<height {
        (to + row * width).initialize(from: from + row * Int(pointee.linesize.0), count: width)
      }
      count = width * height
    }
  }
}
