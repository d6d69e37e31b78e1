import Logging

extension Logger {
  /// The label under which the host itself speaks.
  package static let hostLabel = "sentry"

  package static var host: Logger { Logger(label: hostLabel) }
}
