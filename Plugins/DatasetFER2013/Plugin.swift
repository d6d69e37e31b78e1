import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-fer2013", version: "1.0.0", "The FER2013 faces, as folders or as a table",
  components: [
    .dataset(
      "fer2013", "FER2013: grey faces of 48 × 48 pixels, from folders of images or from fer2013.csv.",
      options: FER2013.options, score: FER2013.score
    ) { try FER2013.open(try $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
