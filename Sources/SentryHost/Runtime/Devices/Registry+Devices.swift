import SentryPluginAPI

extension Registry {
  /// The options of a component with the device that was asked for, if it declares the option.
  /// - Throws: ``PluginError`` if the component does not work on that device.
  func placed(_ options: JSONValue, of entry: Entry) throws -> JSONValue {
    let declares = try entry.declaresDevice
    if device != .auto, declares || entry.kind == .model && device.excludesCPU,
      let reason = try objection(to: device, by: entry)
    {
      throw PluginError(
        "\(entry.title) does not work on \(device): \(reason.message)", hint: reason.hint ?? "choose another --device",
        code: reason.code)
    }
    guard declares, var members = options.objectValue else { return options }
    members[Device.option] = .string(device.name)
    return .object(members)
  }

  /// Why a component does not work on a device; nil if it does. Loads the plugin of one that can tell.
  package func objection(to device: Device, by entry: Entry) throws -> PluginError? {
    if entry.declaration.asksDevices { return try hindrance(to: entry, on: device.name) }
    // One that takes a device and does not tell is asked when it is made.
    guard device != .cpu, try !entry.declaresDevice else { return nil }
    return PluginError.invalid("it computes on the CPU only")
  }

  /// Whether a component works on another device than the CPU, asked in a child process: what the answer needs is not mapped into
  /// this one.
  package func availability(of entry: Entry) throws -> ComponentAvailability {
    let only = ComponentAvailability(devices: [Device.cpu.name], reason: "it computes on the CPU only")
    guard entry.declaration.asksDevices else { return only }
    let result = discovery.probe.run(entry.file, asksDevices: true)
    try entry.checkedFiles().requireUnchanged()
    guard let declaration = result.declaration else {
      return ComponentAvailability(devices: [], reason: result.reason ?? "its plugin is \(result.state.rawValue)")
    }
    let component = declaration.components.first {
      $0.knownKind == entry.kind && $0.name == entry.declaration.name
    }
    return component?.availability ?? only
  }
}

extension Registry.Entry {
  /// Whether its options have the device that the host fills in.
  var declaresDevice: Bool { get throws { try schema().properties[Device.option]?.isDevice == true } }
}
