import Logging
import SentryPluginAPI
import SentryRuntime

/// Which model a run trains: the one that was named, or one of the recipe's that works where the run is to compute.
struct ModelChoice {
  let name: String
  /// Why it is not the recipe's own model; nil if it is, or was named.
  let reason: String?

  /// - Throws: ``PluginError`` if a device was asked for that none of them works on; it names each with its reason.
  init(_ request: RunRequest, _ registry: Registry, device: Device) throws {
    let own = request.recipe.model
    let candidates = request.named[.model].map { [$0] } ?? request.recipe.modelsByPreference
    if candidates.count > 1 || device.excludesCPU, device != .cpu {
      var refusals: [String] = []
      for name in candidates {
        guard let refusal = try Self.refusal(of: name, on: device, request, registry) else {
          let what = device == .auto ? "works on a device other than the CPU" : "works on \(device)"
          let isOnly = candidates.count == 1 || name == own
          self.init(
            name: name,
            reason: isOnly ? nil : "the first model of the recipe '\(request.recipe.name)' that \(what)")
          return
        }
        Logger.host.debug("the model '\(name)' is passed over: \(refusal)")
        refusals.append("model '\(name)': \(refusal)")
      }
      guard !device.excludesCPU else {
        throw PluginError.invalid(
          "--device \(device): no model of the run works on it\n  " + refusals.joined(separator: "\n  "),
          hint: "--device auto takes the CPU if there is nothing else; sentry doctor shows the devices")
      }
    }
    // On the CPU the recipe's own model comes first: it is what the recipe was made with.
    let onCPU = candidates.contains(own) ? [own] + candidates.filter { $0 != own } : candidates
    let works = try onCPU.first { name in
      try candidates.count == 1 || Self.refusal(of: name, on: .cpu, request, registry) == nil
    }
    // One that is missing, or does not take an option, is told by whoever needs it.
    let name = works ?? onCPU[0]
    self.init(name: name, reason: name == own || candidates.count == 1 ? nil : "'\(own)' is not installed")
  }

  private init(name: String, reason: String?) { (self.name, self.reason) = (name, reason) }

  /// Why a model cannot be the run's; nil if it can.
  private static func refusal(
    of name: String, on device: Device, _ request: RunRequest, _ registry: Registry
  ) throws -> String? {
    guard let entry = registry.find(.model, name) else { return "it is not installed" }
    if request.named[.model] == nil, let misfit = try request.misfit(of: entry) { return "it does not take \(misfit)" }
    // Nobody asked for its libraries: they are tried elsewhere.
    if device == .auto { return try registry.availability(of: entry).reason }
    return try registry.objection(to: device, by: entry)?.explanation
  }
}

extension Recipe {
  /// Its models in the order in which a run on a device takes them.
  var modelsByPreference: [String] {
    let listed = models ?? []
    return listed.contains(model) ? listed : listed + [model]
  }
}
