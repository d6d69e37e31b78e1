import CSentryPlugin
import SentryVideo

extension VideoError.Code {
  /// The border's code of such a failure.
  var ofBorder: Int32 {
    switch self {
    case .unreadable, .noPictures, .invalidArgument: SENTRY_INVALID
    case .empty, .unknownFormat, .truncated, .noVideo, .undecodable, .tooLarge: SENTRY_BAD_DATA
    case .missingLibrary, .noDisplay: SENTRY_UNSUPPORTED
    case .cancelled: SENTRY_CANCELLED
    case .outOfMemory: SENTRY_NO_MEMORY
    case .timeout, .cannotWrite, .failed: SENTRY_FAILED
    }
  }
}
