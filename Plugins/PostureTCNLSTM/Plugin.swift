import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "posture-tcn-lstm", version: "0.1.0", "A TCN-LSTM for sequences of body features, and the recipe that trains it",
  components: [
    .model(
      "posture-tcn-lstm", "TCN, LSTM and a 512-d embedding with a head for each task, on the CPU",
      options: PostureModelOptions.declarations
    ) { try PostureModel(options: $0.options.decode(), host: $0.host) }
  ],
  recipes: [postureRecipe])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
