import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "backbone-mobilenet-v3", version: "0.1.0", "MobileNetV3-Small for emotions from faces",
  components: [
    .model(
      "mobilenet-v3-small", "MobileNetV3-Small with a 1280-d embedding, on the CPU",
      options: MobileNetModelOptions.declarations
    ) { try MobileNetModel(options: $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
