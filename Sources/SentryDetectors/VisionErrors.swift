import CSentryPlugin
import SentryBase
import SentryNN
import SentryPluginAPI

/// Runs the body and throws what is wrong with a model file or an image as the border knows it.
public func mappingVisionErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try mappingFormatErrors(body)
  } catch let error as NNError {
    switch error.code {
    case .invalidInput: throw PluginError.invalid(error.message, hint: error.hint)
    case .unsupportedCPU, .unimplemented:
      throw PluginError(error.message, hint: error.hint, code: SENTRY_UNSUPPORTED)
    case .outOfMemory: throw PluginError(error.message, hint: error.hint, code: SENTRY_NO_MEMORY)
    case .primitive, .invalidState: throw PluginError(error.message, hint: error.hint)
    }
  }
}
