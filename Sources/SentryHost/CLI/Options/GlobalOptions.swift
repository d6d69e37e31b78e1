import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// Options of every command, before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("plugin-dir"),
    help: ArgumentHelp(
      "A folder of plugins, before all others; repeatable.",
      discussion: "Then follow SENTRY_PLUGIN_PATH, ~/.local/share/sentry/plugins and the folder of this program.",
      valueName: "dir"),
    completion: .directory)
  var pluginDirs: [String] = []

  @Flag(name: .shortAndLong, help: "Say more of what is done.") var verbose = false

  @Flag(help: "Load plugins from files and folders that others may write.") var allowUntrusted = false

  /// Finds the plugins. `fresh` probes all of them again.
  func discover(fresh: Bool = false) throws -> Discovery {
    Discovery(try SearchPath(options: pluginDirs), allowUntrusted: allowUntrusted, fresh: fresh)
  }
}

/// What a checkpoint holds that does not say it itself: see ``ModelFile/described(by:recipe:)``.
struct ModelRecipe: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "The recipe that knows a checkpoint of another program; without it, the tensors' names tell.", valueName: "name"))
  var name: String?
}
