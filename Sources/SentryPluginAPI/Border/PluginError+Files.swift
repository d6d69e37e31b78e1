import CSentryPlugin
package import SentryBase

extension PluginError {
  /// What the system refused to do with a path. To be called before anything else can change `errno`.
  package static func system(
    _ path: String, _ what: String, _ error: SystemError = .last, code: Int32 = SENTRY_FAILED, whenFull: String? = nil
  ) -> PluginError {
    PluginError("\(path): \(what): \(error.text)", hint: error.hint(whenFull: whenFull), code: code)
  }

  /// A file's failure as the border knows it: one that cannot be opened is an invalid argument, one that cannot be written
  /// a failure, and every other bad data.
  package init(_ error: FormatError) {
    let place = [error.file, error.place ?? "", error.detail].filter { !$0.isEmpty }.joined(separator: ": ")
    switch error.code {
    case .cannotOpen: self = .invalid(place, hint: error.hint)
    case .cannotWrite: self.init(place, hint: error.hint)
    default: self = .badData(place, hint: error.hint)
    }
  }
}

/// Runs the body and throws a file's failure as the border knows it.
package func mappingFormatErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FormatError {
    throw PluginError(error)
  }
}
