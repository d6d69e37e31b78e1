import SentryFormats
import SentryPluginAPI

/// A damaged table becomes bad data, and one that cannot be opened an invalid argument, as the border knows them.
public func mappingFormatErrors<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FormatError {
    let place = [error.file, error.place ?? "", error.detail].filter { !$0.isEmpty }.joined(separator: ": ")
    throw error.code == .cannotOpen
      ? PluginError.invalid(place, hint: error.hint) : PluginError.badData(place, hint: error.hint)
  }
}
