import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-template-name", version: "0.1.0", "The dataset template-name",
  components: [
    .dataset(
      "template-name", "Generated images of a bright spot, left or right",
      options: [
        .integer("count", 1000, minimum: 8, "Training images; a quarter as many for validation."),
        .integer("size", 48, minimum: 16, maximum: 512, "The side of an image in pixels."),
        .seed,
      ]
    ) { TemplateNameDataset(options: try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
