import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "dataset-synthetic-posture", version: "1.0.0", "Simulated sitting people, to try Sentry without data",
  components: [
    .dataset(
      "synthetic-posture", "Sequences of posture features of simulated people; needs no data.",
      options: SyntheticPostureOptions.declarations
    ) { SyntheticPosture(try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
