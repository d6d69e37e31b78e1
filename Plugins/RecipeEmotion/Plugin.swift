import CSentryPlugin
import SentryPluginAPI

// Apart from the models, so that any of them trains where the others are not installed.
let plugin = Plugin(
  "recipe-emotion", version: "0.1.0", "The recipe that trains emotions from faces", components: [],
  recipes: [emotionRecipe])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
