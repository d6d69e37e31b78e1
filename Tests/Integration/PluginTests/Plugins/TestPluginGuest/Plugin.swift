import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "test-guest", version: "1.0.0", "Does what it is told, and worse.",
  components: [
    .dataset(
      "guest", "Numbers in two classes.",
      options: [.string("act", "", "What it does at sample 5 of train."), .path("path", "Any folder.")]
    ) { making in GuestDataset(try making.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
