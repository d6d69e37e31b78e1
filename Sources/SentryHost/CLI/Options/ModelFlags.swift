import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// How a trained model is used where that is not as it was trained.
struct ModelFlags: ParsableArguments {
  @Option(
    name: .customLong("model-component"),
    help: ArgumentHelp(
      "Another component for the model of the checkpoint, of the same network; default: the one that trained it.",
      valueName: "name"))
  var component: String?

  @OptionGroup var place: DeviceFlags

  static let names = ["model-component"] + DeviceFlags.names

  /// - Parameter settings: of `--set`; those of the model are taken out.
  func use(takingFrom settings: inout [String]) throws -> ModelUse {
    try ModelUse(component: component, takingFrom: &settings)
  }
}

/// Where a command's models compute.
struct DeviceFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "auto: a GPU if the model and this machine have one, otherwise the CPU; cpu; cuda; cuda:N for the GPU number N. (default: auto)",
      valueName: "auto|cpu|cuda[:N]"))
  var device: Device?

  @Flag(help: "Compute on the CPU: the same as --device cpu.") var cpu = false

  static let names = ["device", "cpu"]

  func validate() throws { try Self.check(cpu: cpu, device?.name) }

  static func check(cpu: Bool, _ device: String?) throws {
    guard cpu, let device, device != Device.cpu.name else { return }
    throw ValidationError("--cpu and --device \(device) exclude each other")
  }

  var choice: Device { cpu ? .cpu : device ?? .auto }
}

extension Device: ExpressibleByArgument {
  public init?(argument: String) {
    guard let device = try? Device(argument) else { return nil }
    self = device
  }
}
