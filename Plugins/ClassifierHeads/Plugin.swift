import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "classifier-heads", version: "0.1.0",
  "Classifier heads over vectors of features, and the recipe that trains them; research indicators, never a diagnosis",
  components: [
    .model(
      "classifier-heads", "A shared trunk and a head for each task that has labels, on the CPU",
      options: ClassifierModelOptions.declarations
    ) { try ClassifierModel(options: $0.options.decode(), host: $0.host) }
  ],
  recipes: [classifierRecipe])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
