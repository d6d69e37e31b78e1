import CFFmpeg
import Glibc
import SentryBase

/// A source as FFmpeg opens it, and how its failures are told.
struct DemuxerInput {
  let place: String
  let url: String
  let kind: VideoDescription.Kind
  let options: [String: String]

  var isCamera: Bool { kind == .camera }

  init(_ source: VideoSource, _ reading: ReadingOptions) throws(VideoError) {
    switch source {
    case .file(let path):
      // A path with a colon would be taken for a protocol.
      (place, url, kind) = (path, "file:" + path, .file)
      // A playlist names other files, and must not reach beyond this machine.
      options = ["protocol_whitelist": "file,crypto,data"]
      try Self.check(file: path)
    case .stream(let address):
      (place, url, kind) = (Self.withoutPassword(address), address, .stream)
      // Over UDP, FFmpeg reads in a thread of its own.
      options = [
        "rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtp,rtmp,http,https,httpproxy,tcp,tls,crypto,data",
      ]
    case .camera(let device):
      (place, url, kind) = (device, device, .camera)
      var options: [String: String] = [:]
      if let size = reading.cameraSize { options["video_size"] = "\(size.width)x\(size.height)" }
      if let rate = reading.cameraRate { options["framerate"] = "\(rate)" }
      self.options = options
      if let reason = Camera.reasonNotToOpen(device) { throw reason }
    case .pictures:
      throw VideoError(.invalidArgument, place: "", "pictures are not read as a container", hint: "")
    }
  }

  private static func check(file path: String) throws(VideoError) {
    do {
      let file = try InputFile(path)
      guard file.size > 0 else {
        throw VideoError(.empty, place: path, "the file is empty", hint: "copy or record it again")
      }
    } catch let error as FormatError {
      throw VideoError(.unreadable, place: path, error.detail, hint: error.hint ?? "check the path")
    } catch {
      throw error as? VideoError ?? VideoError(.failed, place: path, "\(error)", hint: "check the file")
    }
  }

  /// `rtsp://user:secret@host/` as it may be shown and written down.
  static func withoutPassword(_ address: String) -> String {
    guard let start = address.firstRange(of: "://")?.upperBound else { return address }
    let authority = address[start...].prefix { $0 != "/" && $0 != "?" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
      return address
    }
    return address[...colon] + "…" + address[at...]
  }

  func format(_ av: FFmpegFunctions) throws(VideoError) -> UnsafePointer<AVInputFormat>? {
    guard isCamera else { return nil }
    try FFmpeg.loadDevices()
    if let format = av.pointee.av_find_input_format("v4l2") { return format }
    throw VideoError(
      .missingLibrary, place: place, "FFmpeg was built without Video4Linux", hint: "install Debian's libavdevice")
  }

  /// - Parameter words: FFmpeg's.
  func failure(_ status: Int32, _ words: String, log: String) -> VideoError {
    switch kind {
    case .file where log.contains("moov atom not found") && looksLikeQuickTime:
      VideoError(
        .truncated, place: place, "the file ends before its index (\(words))",
        hint: "copy or record it again: the recorder did not finish it")
    case .file where status == sentry_averror_invalid: unknownFormat(words)
    case .file: VideoError(.unreadable, place: place, "cannot be read: \(words)", hint: "check the file and the disk")
    case .stream:
      VideoError(
        .unreadable, place: place, "cannot be opened: \(words)", hint: "check the address, the server and the password")
    case .camera, .pictures:
      VideoError(
        .unreadable, place: place, "cannot be opened: \(words)",
        hint: "try another size or rate, or see what --list-cameras says")
    }
  }

  /// FFmpeg goes by the name of a file that it does not know.
  private var looksLikeQuickTime: Bool {
    let start = (try? WholeFile.start(of: place, count: 8)) ?? []
    return ["ftyp", "mdat", "moov", "free", "wide"].contains { Array($0.utf8) == start.suffix(4) }
  }

  func unknownFormat(_ words: String) -> VideoError {
    VideoError(
      .unknownFormat, place: place, "is no video that FFmpeg reads: \(words)",
      hint: "name a video file, such as .mp4, .mkv, .webm, .avi or .mov; its name does not make it one")
  }
}
