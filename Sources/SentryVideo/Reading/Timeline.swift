import CFFmpeg

/// The times of a stream's frames, and what it announces of its length.
final class Timeline {
  private let base: Double
  private let rate: Double?
  private let startsAtZero: Bool
  private var origin: Double?
  private var last: Double?
  private(set) var untimed = 0

  /// - Parameter startsAtZero: a camera's clock says nothing: its first frame is at 0.
  init(_ demuxer: Demuxer, startsAtZero: Bool) {
    base = demuxer.stream.pointee.time_base.value
    let rate = demuxer.av.pointee.av_guess_frame_rate(demuxer.context, demuxer.stream, nil).value
    self.rate = rate.isFinite && rate > 0 ? rate : nil
    self.startsAtZero = startsAtZero
  }

  /// A frame without a time comes one frame after the one before.
  func seconds(of frame: UnsafePointer<AVFrame>) -> Double {
    let stamp = frame.pointee.best_effort_timestamp
    var seconds: Double
    if stamp == sentry_no_pts {
      untimed += 1
      seconds = last.map { $0 + 1 / (rate ?? 25) } ?? 0
    } else {
      seconds = Double(stamp) * base
      if startsAtZero {
        origin = origin ?? seconds
        seconds -= origin ?? 0
      }
    }
    last = seconds
    return seconds
  }

  func describe(_ kind: VideoDescription.Kind, _ demuxer: Demuxer, codec: String) -> VideoDescription {
    let stream = demuxer.stream.pointee
    let (width, height) = (Int(stream.codecpar.pointee.width), Int(stream.codecpar.pointee.height))
    let isSideways = demuxer.orientation.isSideways
    var description = VideoDescription(
      kind: kind, width: isSideways ? height : width, height: isSideways ? width : height, codec: codec)
    description.quarterTurns = demuxer.orientation.quarterTurns
    let mean = stream.avg_frame_rate.value
    description.rate = mean.isFinite && mean > 0 ? mean : rate
    guard kind == .file else { return description }
    description.seconds = announced(demuxer)
    if stream.nb_frames > 0 {
      description.frames = Int(stream.nb_frames)
    } else if let seconds = description.seconds, let rate = description.rate {
      description.frames = Int((seconds * rate).rounded())
    }
    return description
  }

  /// How long the video says it is.
  private func announced(_ demuxer: Demuxer) -> Double? {
    let stream = demuxer.stream.pointee
    if stream.duration != sentry_no_pts, stream.duration > 0 { return Double(stream.duration) * base }
    guard let context = demuxer.context?.pointee, context.duration != sentry_no_pts, context.duration > 0 else {
      return nil
    }
    return Double(context.duration) / Double(AV_TIME_BASE)
  }

  /// Why a file that was read to its end is not whole; nil where it seems to be.
  func truncation(_ demuxer: Demuxer) -> String? {
    if let fault = demuxer.fault { return fault }
    if demuxer.hasCorruptPackets { return "packets are incomplete" }
    let announced = Int(demuxer.stream.pointee.nb_frames)
    guard demuxer.countsAllFrames, demuxer.packets < announced else { return nil }
    return "it has \(demuxer.packets) of the \(announced) frames that it announces"
  }
}

extension AVRational {
  var value: Double { Double(num) / Double(den) }
}
