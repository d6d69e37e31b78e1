import CSentryPlugin
import SentryPluginAPI

/// A model on devices that `SENTRY_TEST_DEVICES` pretends to be there, `cuda:0 cuda:1`, a model of other outputs, and recipes that
/// prefer it.
let plugin = Plugin(
  "test-devices", version: "1.0.0", "A model on devices that a variable pretends.",
  components: [
    .model(
      "toy-linear-cuda", "The matrix of toy-linear, on a pretended device.",
      options: [
        .integer("side", 16, minimum: 1, maximum: 64, "Height and width of the input."),
        .choice("precision", "tf32", of: ["f32", "tf32"], "Of the products."),
        .string("device", "auto", "Where it computes; set by the host."),
        .tasks, .seed,
      ]
    ) { making in try PretendingModel(making.options.decode()) }.checkingDevices(PretendedDevices.check),
    .model("toy-other-head", "One matrix for a task of its own.", options: [.seed]) { _ in
      try LinearModel(.init(side: 16, device: 1, tasks: [.init("other", classes: ["a", "b"])], seed: 1))
    },
  ],
  recipes: [
    recipe("toy-devices", models: ["toy-absent", "toy-linear-cuda", "toy-linear"]),
    recipe("toy-unlisted", models: ["toy-linear-cuda"]),
  ])

private func recipe(_ name: String, models: [String]) -> Recipe {
  Recipe(
    name: name, summary: "As toy, on a device where there is one.", dataset: "toy-stripes", augmenter: "toy-scale",
    model: "toy-linear", models: models, trainer: "toy-sgd",
    defaults: [
      "run.epochs": 1, "run.batch-size": 16, "run.workers": 0, "run.output": .string("models/\(name)"),
      "trainer.lr": 0.2,
    ],
    flags: [
      Recipe.Flag("claimed", .integer, sets: ["model.device"], "An option that toy-linear alone has."),
      Recipe.Flag("precision", .string, sets: ["model.precision"], "An option that toy-linear-cuda alone has."),
    ])
}

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
