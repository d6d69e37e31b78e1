import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-features", version: "0.1.0", "Feature vectors with labels, for classifier heads",
  components: [
    .dataset(
      "features", "One vector NAME.npy per item, and labels.json", options: FeaturesOptions.declarations,
      score: FeaturesDataset.score
    ) { try FeaturesDataset($0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
