import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "test-toy-a", version: "1.2.3", "A dataset and a recipe for tests.",
  components: [
    .dataset(
      "toy-stripes", "Stripes that lie or stand.",
      options: [
        .integer("count", 64, minimum: 4, maximum: 100_000, "Training samples."),
        .choice("contrast", "strong", of: ["strong", "weak"], "How far light and dark are apart."), .seed,
      ]
    ) { making in StripesDataset(try making.options.decode(), host: making.host) },
    .dataset(
      "toy-folder", "Stripes again, beside a folder that is only looked at.",
      options: [.path("path", "A folder whose name holds 'toy'.")],
      score: { $0.contains("toy") ? 90 : 0 }
    ) { making in StripesDataset(StripesDataset.Options(count: 16, contrast: "strong", seed: 1), host: making.host) },
    .dataset(
      "toy-other", "As toy-folder, for other names.", options: [.path("path", "A folder whose name holds 'other'.")],
      score: { $0.contains("other") ? 70 : 0 }
    ) { making in StripesDataset(StripesDataset.Options(count: 16, contrast: "strong", seed: 1), host: making.host) },
    .dataset("toy-bars", "Ten heights of a bar, with a test split.") { _ in BarsDataset() },
  ],
  recipes: [
    Recipe(
      name: "toy", summary: "Tells lying from standing stripes.", dataset: "toy-stripes", augmenter: "toy-scale",
      model: "toy-linear", trainer: "toy-sgd",
      defaults: [
        "run.epochs": 2, "run.batch-size": 16, "run.workers": 0, "run.output": "models/toy", "trainer.lr": 0.2,
      ],
      flags: [
        Recipe.Flag("lr", .number, sets: ["trainer.lr"], "The learning rate."),
        Recipe.Flag("samples", .integer, sets: ["dataset.count"], "Training samples."),
        Recipe.Flag("weak", .boolean, sets: ["dataset.contrast"], value: "weak", "Use weak stripes."),
      ]),
    Recipe(
      name: "toy-clash", summary: "Has a flag that is the host's.", dataset: "toy-stripes", model: "toy-linear",
      trainer: "toy-sgd", flags: [Recipe.Flag("epochs", .integer, sets: ["run.epochs"], "Passes.")]),
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
