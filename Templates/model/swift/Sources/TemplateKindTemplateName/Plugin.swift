import CSentryPlugin
import SentryModels
import SentryPluginAPI

let plugin = Plugin(
  "model-template-name", version: "0.1.0", "The model template-name",
  components: [
    .model(
      "template-name", "One hidden layer over the values of the input, and a head for each task",
      options: [
        .integer("hidden", 64, minimum: 1, maximum: 4096, "The width of the hidden layer."),
        .number("dropout", 0.2, minimum: 0, maximum: 0.9, "The share of the hidden layer that is dropped in training."),
        .tasks, .input, .seed,
      ]
    ) { try NetworkModel<TemplateNameNet>(options: $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
