import ArgumentParser
import Glibc
import SentryBase
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// `--serve` and `--bind`.
struct ServingOptions: ParsableArguments {
  // A text: of what is no number ArgumentParser would make the default without a word.
  @Option(
    defaultAsFlag: String(ServingAddress.defaultPort), parsing: .next,
    help: ArgumentHelp(
      "Show the frames in a browser instead of a window, at a port; 0: any free one.", valueName: "port"))
  var serve: String? = nil

  @Option(
    help: ArgumentHelp(
      "Serve at this address of the machine, which others may reach; then a token is needed.", valueName: "address"))
  var bind: String?

  func check() throws {
    if bind != nil && serve == nil { throw ValidationError("--bind says where --serve listens: give --serve, too") }
    _ = try address()
  }

  /// Goes on as the program that has a server, where this one has none and `--serve` is given.
  /// - Throws: ``PluginError`` if that program is not there.
  func handOver() throws {
    guard serve != nil, ServerMaker.shared.make == nil else { return }
    let program = "\(Paths.executableFolder ?? ".")/sentry-serve"
    var arguments = ([program] + CommandLine.arguments.dropFirst()).map { strdup($0) } + [nil]
    HostGuard.giveOutputBack()
    execv(program, &arguments)
    let reason = SystemError.last.text
    arguments.forEach { free($0) }
    throw PluginError(
      "\(program), which --serve needs, cannot be started: \(reason)",
      hint: "it is installed beside sentry: install both again, or leave --serve out")
  }

  /// Listens; nil without `--serve`.
  func start() throws -> (any LiveServing)? { try address().flatMap { try ServerMaker.shared.make?($0) } }

  private func address() throws -> ServingAddress? {
    do {
      return try serve.map { try ServingAddress(address: bind, port: $0) }
    } catch let error as PluginError {
      throw ValidationError([error.message, error.hint].compactMap(\.self).joined(separator: ": "))
    }
  }
}

extension LiveServing {
  /// Tells where to look, and waits with a video until somebody does.
  func announce(isLive: Bool) {
    Console.result("Open \(url) in a browser. Ctrl-C ends.")
    guard !isLive else { return }
    Console.result("The video begins when the first browser looks.")
    wait { isWatched }
  }

  /// Keeps the last picture in reach after the end.
  func linger() {
    Console.result("The video has ended; its last picture stays until Ctrl-C. Run the command again to see it again.")
    wait { false }
  }

  /// Until the condition holds or the user asks to stop.
  private func wait(_ isOver: () -> Bool) {
    while !HostState.shared.isCancelled && !isOver() { usleep(50_000) }
  }
}

/// A source as it is shown to others.
enum SourceName {
  /// Of a path the last part, of a URL neither user nor password nor query.
  static func shown(_ source: String) -> String {
    guard let scheme = source.firstRange(of: "://") else {
      return source.split(separator: "/").last.map(String.init) ?? source
    }
    let rest = source[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let host = rest.prefix { $0 != "/" }
    let visible = host.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
    return String(source[..<scheme.upperBound] + visible)
  }
}
