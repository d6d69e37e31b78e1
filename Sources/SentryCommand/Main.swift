import SentryHost

@main enum Main {
  static func main() { Program.run() }
}
