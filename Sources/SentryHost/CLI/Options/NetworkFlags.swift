import ArgumentParser
import SentryDownload
import SentryPluginAPI
import SentryRuntime

/// How commands reach the network.
struct NetworkFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A proxy, http://host:port or socks5://host:port.",
      discussion: "Without it, https_proxy, http_proxy, all_proxy and no_proxy apply.", valueName: "url"))
  var proxy: String?

  var options: DownloadOptions {
    var options = DownloadOptions()
    (options.proxy, options.userAgent) = (proxy, "sentry/\(Version.sentry)")
    return options
  }
}

extension DownloadEnvironment {
  /// Stops with the program, and shows on a line how far it is.
  static func shown(on line: WorkLine) -> DownloadEnvironment {
    DownloadEnvironment(
      isCancelled: { HostState.shared.isCancelled },
      progress: {
        line.update(Paths.last($0.name), done: $0.done - $0.resumedAt, total: $0.total, base: $0.resumedAt)
      },
      note: {
        line.clear()
        Console.error($0 + "\n")
      })
  }
}
