import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "trainer-supervised", version: "0.1.0", "Supervised training with AdamW or SGD",
  components: [
    .trainer(
      "supervised", "Cross entropy for every task, AdamW or SGD with clipping, schedules, early stopping, calibration",
      options: SupervisedOptions.declarations + OptimizerOptions.declarations
    ) { try SupervisedTrainer($0.options, host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
