import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "augment-sequence", version: "0.1.0", "Augmentation and normalisation of feature sequences",
  components: [
    .augmenter(
      "sequence", "Feature sequences: normalised, and for training changed at random in time and value",
      options: SequenceOptions.declarations
    ) { try SequenceAugmenter($0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
