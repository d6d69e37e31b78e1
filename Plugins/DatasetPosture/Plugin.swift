import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-posture", version: "0.1.0", "Sequences of posture features with labels of posture, stress and trajectory",
  components: [
    .dataset(
      "posture", "Windows of sequences: {train,val}/sequences/*.npy and labels.json",
      options: PostureOptions.declarations, score: PostureDataset.score
    ) { try PostureDataset($0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
