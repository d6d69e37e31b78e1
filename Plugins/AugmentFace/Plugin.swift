import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "augment-face", version: "0.1.0", "Augmentation and preprocessing of face images",
  components: [
    .augmenter(
      "face", "Grey faces of one size: resized for evaluation, warped and changed at random for training",
      options: FacePreprocessing.declarations
    ) { try FacePreprocessing(options: $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
