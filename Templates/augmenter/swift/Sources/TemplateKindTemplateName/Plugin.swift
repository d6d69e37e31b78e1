import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "augmenter-template-name", version: "0.1.0", "The augmenter template-name",
  components: [
    .augmenter(
      "template-name", "Grey images of one size; flipped and with another contrast in training",
      // Recipes set options by their names: --image-size of `sentry train emotion` sets the augmenter's `size`.
      options: [.integer("size", 48, minimum: 8, maximum: 1024, "Height and width of the result in pixels.")]
    ) { TemplateNameAugmenter(options: try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
