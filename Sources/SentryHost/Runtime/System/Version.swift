/// The version of the program.
package enum Version {
  package static let sentry = "0.1.0"
}
