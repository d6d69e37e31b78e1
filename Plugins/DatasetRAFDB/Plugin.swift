import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-rafdb", version: "1.0.0", "RAF-DB, the basic emotions",
  components: [
    .dataset(
      "rafdb", "RAF-DB: faces from the web with basic emotions, as published or in numbered folders.",
      options: RAFDB.options, score: RAFDB.score
    ) { try RAFDB.open(try $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
