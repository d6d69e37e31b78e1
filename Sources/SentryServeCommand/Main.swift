import SentryCLI
import SentryServe

/// `sentry` with a web server, which `demo --serve` hands over to: its libraries would cost every other command start-up time.
@main enum Main {
  static func main() { Program.run { try LiveServer($0) } }
}
