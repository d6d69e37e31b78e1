import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// Options of every command, before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("plugin-dir"),
    help: ArgumentHelp(
      "A folder to search for plugins first; repeatable.",
      discussion: "Then SENTRY_PLUGIN_PATH, ~/.local/share/sentry/plugins and the folder of this program are searched.",
      valueName: "dir"),
    completion: .directory)
  var pluginDirs: [String] = []

  @Option(
    name: .customLong("model-dir"),
    help: ArgumentHelp(
      "The folder of the model files that sentry models get installs.",
      discussion: "SENTRY_MODEL_DIR sets it as well. Default: ~/.local/share/sentry/models.", valueName: "dir"),
    completion: .directory)
  var modelDir: String?

  @Flag(name: .shortAndLong, help: "Print more details.") var verbose = false

  @Flag(help: "Load plugins from files and folders that other users may write.") var allowUntrusted = false

  /// Finds the plugins. `fresh` probes all of them again; `asksDevices` has the probes ask for devices.
  func discover(fresh: Bool = false, asksDevices: Bool = false) throws -> Discovery {
    Discovery(
      try SearchPath(options: pluginDirs), store: FileStore(option: modelDir), allowUntrusted: allowUntrusted,
      fresh: fresh, asksDevices: asksDevices)
  }
}

/// What a checkpoint holds that does not say it itself: see ``ModelFile/described(by:recipe:)``.
struct ModelRecipe: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "The recipe that reads a checkpoint of another program; default: recognised by the tensor names.",
      valueName: "name"))
  var name: String?
}
