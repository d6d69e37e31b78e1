import SentryCLI

@main enum Main {
  static func main() { Program.run() }
}
