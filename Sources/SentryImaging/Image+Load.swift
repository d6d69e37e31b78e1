import Glibc
import SentryBase

extension Image {
  /// Reads and decodes an image file; see ``decode(_:name:limits:)``.
  public static func load(path: String, limits: ImageLimits = ImageLimits()) throws(ImagingError) -> Image {
    try decode(readFile(path: path, limits: limits), name: path, limits: limits)
  }

  /// The bytes of a regular file, at most `limits.bytes` of them.
  public static func readFile(path: String, limits: ImageLimits = ImageLimits()) throws(ImagingError) -> [UInt8] {
    // O_NONBLOCK: a named pipe without a writer must not hold up the loader.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadable(path, errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ImagingError(.unreadable, place: path, reason: "not a regular file", hint: "give the path of an image file")
    }
    let size = Int(status.st_size)
    guard size <= limits.bytes else {
      var error = ImagingError.tooManyBytes(size, limits)
      error.place = path
      throw error
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(file, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else { throw .unreadable(path, failure) }
    return bytes
  }
}

extension ImagingError {
  static func unreadable(_ path: String, _ code: Int32) -> ImagingError {
    ImagingError(
      .unreadable, place: path, reason: "cannot read the image: \(SystemError(code).text)",
      hint: "check the path and its permissions")
  }
}
