import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "trainer-template-name", version: "0.1.0", "The trainer template-name",
  components: [
    .trainer(
      "template-name", "Cross entropy and gradient descent with momentum",
      // Recipes set options by their names: --lr sets the trainer's `lr`.
      options: [
        .number("lr", 0.05, minimum: 0, "The learning rate."),
        .number("momentum", 0.9, minimum: 0, maximum: 1, "How much of the step before goes into a step."),
        .integer("patience", 10, minimum: 1, "Stop after so many epochs without a better validation accuracy."),
      ]
    ) { TemplateNameTrainer(options: try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
