import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "emotion-densenet", version: "0.1.0", "DenseNet121 for emotions from faces",
  components: [
    .model(
      "emotion-densenet", "DenseNet121 with a 1280-d embedding, on the CPU", options: EmotionModelOptions.declarations
    ) { try EmotionModel(options: $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
