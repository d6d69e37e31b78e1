import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "features-posture", version: "1.0.0", "Features of a sitting or standing body over time",
  components: [
    .features(
      "posture-15",
      "15 values a frame from 33 keypoints: geometry of shoulders, head and spine, movement, stillness, fidgeting, archetype."
    ) { _ in PostureFeatureExtractor() }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
