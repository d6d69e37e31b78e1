import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "test-live", version: "1.0.0", "A detector and what a recipe needs to use its finds, for tests.",
  components: [
    .source(
      "filed-source", "A source that needs a file of the user's.",
      options: [
        .file(
          "file",
          RequiredFile(
            "words.bin", sha256: String(repeating: "3f", count: 32), bytes: 12, group: "words"), "A file of the user's."
        )
      ]
    ) { _ in FiledSource() },
    .detector("toy-spots", "The rectangle of all bright pixels.") { _ in SpotDetector() },
    .dataset("toy-patches", "Grey pictures, light or dark.") { _ in PatchesDataset() },
    .augmenter("toy-grey", "Sixteen by sixteen grey levels of a picture of any size.") { _ in GreyPatch() },
  ],
  recipes: [
    Recipe(
      name: "toy-live", summary: "Tells light from dark spots.", dataset: "toy-patches", augmenter: "toy-grey",
      model: "toy-linear", trainer: "toy-sgd",
      defaults: ["run.epochs": 2, "run.batch-size": 16, "run.workers": 0, "run.output": "models/toy-live"],
      live: .crops(of: "toy-spots", Recipe.Crop(margin: 0.1)))
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
