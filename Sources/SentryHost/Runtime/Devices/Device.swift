import SentryPluginAPI

/// Where components compute, as `--device` says. One that declares the option `device` receives it from the host: see
/// ``Registry/placed(_:of:)``.
package struct Device: Sendable, Equatable, CustomStringConvertible {
  /// The option of components, a string.
  package static let option = "device"
  static let pattern = OptionPattern(expression: "^(auto|cpu|cuda(:[0-9]{1,3})?)$", form: "auto, cpu, cuda or cuda:N")

  /// Another device than the CPU where there is one.
  package static let auto = Device(known: "auto")
  package static let cpu = Device(known: "cpu")

  package let name: String
  package var description: String { name }

  private init(known name: String) { self.name = name }

  /// - Throws: ``PluginError`` for a name that no device has.
  package init(_ name: String) throws {
    guard let regex = try? Regex(Self.pattern.expression), name.wholeMatch(of: regex) != nil else {
      throw PluginError.invalid("the device \"\(name)\" is unknown", hint: "give auto, cpu, cuda or cuda:N")
    }
    self.name = name
  }

  /// Whether only another device than the CPU will do.
  package var excludesCPU: Bool { self != .auto && self != .cpu }

  /// The devices that a component is asked for where somebody wants to know all of them.
  static let numbered = (0..<16).map { Device(known: "cuda:\($0)") }
}

extension Device: RunOptionValue {
  static var types: [OptionProperty.ValueType] { [.string] }
  init?(json: JSONValue) {
    guard let name = json.stringValue, let device = try? Device(name) else { return nil }
    self = device
  }
  var json: JSONValue? { .string(name) }
}

extension OptionProperty {
  /// Whether it is the device, which is the host's to fill in even if the schema does not say so.
  var isDevice: Bool { name == Device.option && types == [.string] }
}
