import CFFmpeg
import Glibc
import SentryBase
import SentryImaging

/// Where frames come from, as a user names it.
public enum VideoSource: Equatable, Sendable {
  /// A video file.
  case file(String)
  /// A device such as `/dev/video0`.
  case camera(device: String)
  /// An address with one of ``schemes``.
  case stream(String)
  /// Picture files in the order of their names, numbers by value.
  case pictures([String])

  /// Common endings of the names of video files; FFmpeg reads others as well.
  public static let fileExtensions = [
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "mpg", "mpeg", "wmv", "flv", "3gp",
  ]

  static let schemes = ["rtsp", "rtsps", "rtmp", "http", "https"]

  /// Understands a number (a camera), a device, an address, a file, a folder of pictures, and a pattern (`*`, `?`, `[…]`) that
  /// pictures match.
  /// - Throws: ``VideoError``
  public init(_ text: String) throws(VideoError) {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      self = .camera(device: "/dev/video\(text)")
    } else if let scheme = text.firstRange(of: "://").map({ text[..<$0.lowerBound].lowercased() }) {
      guard Self.schemes.contains(scheme) else {
        throw VideoError(
          .invalidArgument, place: text, "addresses of the kind \(scheme):// are not read",
          hint: "give a path, or an address that begins with \(Self.schemes.map { $0 + "://" }.joined(separator: ", "))"
        )
      }
      self = .stream(text)
    } else {
      self = try Self.local(text)
    }
  }

  private static func local(_ path: String) throws(VideoError) -> VideoSource {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let error = SystemError.last
      if error.number == ENOENT, path.contains(where: { "*?[".contains($0) }) { return try pattern(path) }
      if path.hasPrefix("/dev/video") { return .camera(device: path) }
      throw VideoError(
        .unreadable, place: path, "cannot be read: \(error.text)",
        hint: error.hint() ?? "check the path")
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return try folder(path)
    case S_IFCHR: return .camera(device: path)
    case S_IFREG: return path.hasImageExtension ? .pictures([path]) : .file(path)
    default:
      throw VideoError(
        .unreadable, place: path, "is a pipe or socket, which is not read", hint: "name a file, a folder or a camera")
    }
  }

  private static func folder(_ path: String) throws(VideoError) -> VideoSource {
    guard let names = Paths.names(in: path) else {
      let error = SystemError.last
      throw VideoError(
        .unreadable, place: path, "cannot be listed: \(error.text)", hint: error.hint() ?? "check the folder")
    }
    let pictures = names.filter { $0.hasImageExtension && !$0.hasPrefix(".") }
    guard !pictures.isEmpty else {
      throw VideoError(
        .noPictures, place: path, "this folder has no pictures (\(imageExtensionsText))",
        hint: "name a folder with pictures, or a video file")
    }
    return .pictures(inOrder(pictures.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }))
  }

  private static func pattern(_ pattern: String) throws(VideoError) -> VideoSource {
    var matches = glob_t()
    defer { globfree(&matches) }
    var paths: [String] = []
    if glob(pattern, 0, nil, &matches) == 0 {
      for index in 0..<Int(matches.gl_pathc) {
        if let path = matches.gl_pathv?[index] { paths.append(String(cString: path)) }
      }
    }
    let pictures = paths.filter(\.hasImageExtension)
    guard !pictures.isEmpty else {
      throw VideoError(
        .noPictures, place: pattern,
        paths.isEmpty
          ? "nothing matches" : "\(paths.count) files match, and none is a picture (\(imageExtensionsText))",
        hint: "quote the pattern so that the shell leaves it alone; a video file is named without a pattern")
    }
    return .pictures(inOrder(pictures))
  }

  private static var imageExtensionsText: String { Image.fileExtensions.joined(separator: ", ") }

  /// `frame9` comes before `frame10`.
  private static func inOrder(_ paths: [String]) -> [String] { paths.sorted { sentry_compare_names($0, $1) < 0 } }
}

extension VideoSource {
  /// Opens the source, up to the point where its first frame can be read.
  /// - Throws: ``VideoError``
  public func open(_ options: ReadingOptions = ReadingOptions()) throws(VideoError) -> any FrameReader {
    switch self {
    case .pictures(let paths): try PictureReader(paths, options)
    case .file, .camera, .stream: try ContainerReader(self, options)
    }
  }
}
