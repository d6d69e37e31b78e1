import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-ckplus", version: "1.0.0", "The Extended Cohn-Kanade set",
  components: [
    .dataset(
      "ckplus", "CK+: posed emotions filmed in a laboratory, as published or as class folders; held out by person.",
      options: CKPlus.options, score: CKPlus.score
    ) { try CKPlus.open(try $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
