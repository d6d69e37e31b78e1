import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "test-toy-b", version: "1.0.0", "A model and a trainer for tests.",
  components: [
    .model(
      "toy-linear", "One matrix over all pixels.",
      options: [
        .integer("side", 16, minimum: 1, maximum: 64, "Height and width of the input."),
        .integer("device", 1, minimum: 1, "The device type that its parameters claim."), .tasks, .seed,
      ]
    ) { making in try LinearModel(try making.options.decode()) }
    .checkingDevices { device in
      switch device {
      case "cpu": break
      case "cuda:9": throw PluginError.invalid("no number has two digits")
      default: throw PluginError("there is no \(device)", hint: "build one", code: SENTRY_UNSUPPORTED)
      }
    },
    .model("toy-blind", "One number for each class.", options: [.tasks]) { making in
      try BlindModel(try making.options.decode())
    },
    .trainer(
      "toy-sgd", "Cross-entropy, plain gradient descent.",
      options: [
        .number("lr", 0.1, minimum: 0, maximum: 10, "The learning rate."),
        .integer("spoil-after", 0, minimum: 0, "Epochs after which its state holds what JSON cannot; 0: never."),
      ]
    ) { making in SGDTrainer(try making.options.decode()) },
    .model(
      "toy-double", "One matrix over all pixels, in double precision.",
      options: [
        .integer("side", 16, minimum: 1, maximum: 64, "Height and width of the input."),
        .integer("device", 1, minimum: 1, maximum: 1, "The CPU."), .tasks, .seed,
      ]
    ) { making in try DoubleModel(try making.options.decode()) },
    .trainer(
      "toy-double-sgd", "Gradient descent in double precision, alone or with other processes.",
      options: [.number("lr", 0.1, minimum: 0, maximum: 10, "The learning rate.")]
    ) { making in
      DoubleTrainer(lr: try making.options.decode([String: Double].self)["lr"] ?? 0, host: making.host)
    },
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
