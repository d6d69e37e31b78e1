import CSentryPlugin
import SentryPluginAPI

extension LoadedPlugin {
  /// What its components answer when they are asked for all devices, in their order; nil for one that cannot tell.
  func availability() throws -> [ComponentAvailability?] {
    try declaration().components.map { component in
      guard component.asksDevices, let kind = component.knownKind else { return nil }
      func objection(_ device: Device) -> PluginError? {
        do { return try hindrance(kind, component.name, on: device.name) } catch {
          return error as? PluginError ?? PluginError("\(error)")
        }
      }
      let before = Set(SharedLibraries.ofThisProcess().map(\.name))
      let (other, cpu) = (objection(.auto), objection(.cpu))
      var devices = other == nil ? Device.numbered.prefix { objection($0) == nil }.map(\.name) : []
      if other == nil, devices.isEmpty { devices = [Device.auto.name] }
      if cpu == nil { devices.append(Device.cpu.name) }
      // The first of them is the one that the component opened; the others came with it.
      let library = SharedLibraries.ofThisProcess().first { !before.contains($0.name) }
      return ComponentAvailability(
        devices: devices, reason: other?.explanation, reasonOnCPU: cpu?.explanation, library: library)
    }
  }
}

/// On which devices a component works, as it told a probe.
package struct ComponentAvailability: Codable, Sendable, Equatable {
  /// `cuda:0`, `cpu`; `auto` for a device that has no name.
  package var devices: [String]
  /// Why on none but the CPU; nil if it works on one.
  package var reason: String?
  package var reasonOnCPU: String?
  /// The library that was opened for the answer.
  package var library: PluginDeclaration.Library?

  /// Whether it works on another device than the CPU.
  package var hasDevice: Bool { reason == nil }
}

extension PluginError {
  /// The message and the hint, as one sentence.
  package var explanation: String { hint.map { "\(message) (\($0))" } ?? message }
}
