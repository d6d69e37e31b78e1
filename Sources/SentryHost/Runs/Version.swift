/// The version of the program.
enum Version {
  static let sentry = "0.1.0"
}
