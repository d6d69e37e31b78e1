import COpenCV

/// What a call of the shim returned, with its message.
struct OpenCVStatus {
  private var code = Int32(SENTRY_CV_OK)
  private var message = ""

  /// No call made yet.
  init() {}

  init(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) {
    let capacity = 256
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      guard let base = buffer.baseAddress else { return }
      base.pointee = 0
      code = call(base, capacity)
      if code != SENTRY_CV_OK { message = String(cString: base) }
    }
  }

  var isOK: Bool { code == SENTRY_CV_OK }
  var isTransparent: Bool { code == SENTRY_CV_TRANSPARENT }

  func check(_ what: @autoclosure () -> String, hint: String) throws(ImagingError) {
    let errorCode: ImagingError.Code
    switch Int(code) {
    case SENTRY_CV_OK: return
    case SENTRY_CV_INVALID: errorCode = .invalidArgument
    case SENTRY_CV_UNDECODABLE: errorCode = .undecodable
    case SENTRY_CV_OUT_OF_MEMORY: errorCode = .outOfMemory
    default: errorCode = .failed
    }
    throw ImagingError(errorCode, reason: "\(what()): \(message)", hint: hint)
  }
}

extension Image {
  /// A new image of the given shape, written by one call of the shim.
  func filtered(
    _ what: StaticString, width: Int? = nil, height: Int? = nil, channels: Int? = nil,
    _ call: (sentry_cv_pixels, sentry_cv_pixels, UnsafeMutablePointer<CChar>, Int) -> Int32
  ) throws(ImagingError) -> Image {
    let (width, height, channels) = (width ?? self.width, height ?? self.height, channels ?? self.channels)
    try Image.check(width: width, height: height, channels: channels)
    var status = OpenCVStatus()
    let result = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, count in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let input = sentry_cv_pixels(
          // The shim only reads through it: its one pixel type serves both directions.
          data: UnsafeMutablePointer(mutating: from), width: Int32(self.width), height: Int32(self.height),
          channels: Int32(self.channels))
        let output = sentry_cv_pixels(
          data: to, width: Int32(width), height: Int32(height), channels: Int32(channels))
        status = OpenCVStatus { message, size in call(input, output, message, size) }
        count = status.isOK ? target.count : 0
      }
    }
    try status.check(
      "\(what) of a \(self.width)×\(self.height) image failed", hint: "check the size and the parameters")
    return Image(trusted: width, height, channels, result)
  }
}

/// For shims beside this module's own.
extension ImagingError {
  /// Runs a call that gives a status of `sentry_opencv.h` and may fill the message.
  package static func check(
    _ what: @autoclosure () -> String, hint: String, _ call: (UnsafeMutablePointer<CChar>, Int) -> Int32
  ) throws(ImagingError) {
    try OpenCVStatus(call).check(what(), hint: hint)
  }
}
