import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-synthetic-faces", version: "1.0.0", "Drawn faces in six emotions, to try Sentry without data",
  components: [
    .dataset(
      "synthetic-faces", "Faces drawn on demand in six emotions; needs no data.",
      options: SyntheticFacesOptions.declarations
    ) { try SyntheticFaces(try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
