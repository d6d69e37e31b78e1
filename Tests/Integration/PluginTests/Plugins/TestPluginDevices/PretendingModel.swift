import CSentryPlugin
import Glibc
import SentryPluginAPI

/// The devices that the environment pretends.
enum PretendedDevices {
  static var all: [String] {
    (getenv("SENTRY_TEST_DEVICES").map { String(cString: $0) } ?? "").split(separator: " ").map(String.init)
  }

  /// `crash` in the place of a device ends the process, as a broken driver may; `broken` fails.
  static func check(_ device: String) throws {
    if all == ["crash"] { abort() }
    if all == ["broken"] { throw PluginError("the driver does not answer", code: SENTRY_FAILED) }
    guard device != "cpu" else { return }
    let name = device == "auto" || device == "cuda" ? all.first : all.first { $0 == device }
    guard name != nil else {
      throw PluginError("no such device is pretended", hint: "set SENTRY_TEST_DEVICES", code: SENTRY_UNSUPPORTED)
    }
  }

  /// The most samples of a pass, by `SENTRY_TEST_MOST_ROWS`.
  static var mostRows: Int { getenv("SENTRY_TEST_MOST_ROWS").flatMap { Int(String(cString: $0)) } ?? .max }

  static func resolve(_ device: String) -> String {
    switch device {
    case "auto": all.first ?? "cpu"
    case "cuda": all.first ?? "cuda:?"
    default: device
    }
  }
}

/// ``LinearModel`` that says where it would be.
final class PretendingModel: Model, @unchecked Sendable {
  struct Options: Decodable {
    var side: Int
    var precision, device: String
    var tasks: [ClassificationTask]
    var seed: UInt64
  }

  private let model: LinearModel
  let specification: ModelSpecification
  var parameters: [NamedTensor] { model.parameters }

  init(_ options: Options) throws {
    model = try LinearModel(.init(side: options.side, device: 1, tasks: options.tasks, seed: options.seed))
    let place = PretendedDevices.resolve(options.device)
    var specification = model.specification
    specification.device = place == "cpu" ? place : "\(place) Pretender 100"
    specification.precision = place == "cpu" ? "f32" : options.precision
    self.specification = specification
  }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    guard input.shape[0] <= PretendedDevices.mostRows else {
      throw PluginError("the pretended card is full", code: SENTRY_NO_MEMORY)
    }
    return try model.forward(input, training: training, seed: seed)
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try model.backward(gradients, accumulate: accumulate)
  }
}
