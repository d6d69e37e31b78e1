import Logging

extension Logger {
  /// The label under which the host itself speaks.
  static let hostLabel = "sentry"

  static var host: Logger { Logger(label: hostLabel) }
}
