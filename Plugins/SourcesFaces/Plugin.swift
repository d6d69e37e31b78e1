import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "sources-faces", version: "1.0.0", "A catalogue of face datasets",
  components: [
    .source("affectnet", FaceSource.affectNet.entry.summary) { _ in FaceSource.affectNet },
    .source("fer2013", FaceSource.fer2013.entry.summary) { _ in FaceSource.fer2013 },
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
