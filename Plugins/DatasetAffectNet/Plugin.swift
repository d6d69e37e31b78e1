import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-affectnet", version: "1.0.0", "AffectNet, as folders or with its tables of labels",
  components: [
    .dataset(
      "affectnet", "AffectNet: faces from the web, from class folders or with any of its tables of labels.",
      options: AffectNet.options, score: AffectNet.score
    ) { try AffectNet.open(try $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
