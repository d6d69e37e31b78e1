import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "preparer-template-name", version: "0.1.0", "The preparer template-name",
  components: [
    .source(
      "template-name", "Rows of numbers with a class each",
      options: [.string("task", "class", "The name of what the classes are classes of.")],
      score: { $0.hasSuffix(".csv") ? 10 : 0 }
    ) { TemplateNamePreparer(options: try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
