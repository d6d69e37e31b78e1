public import CSentryPlugin

public typealias HostPointer = UnsafePointer<sentry_host>
public typealias ErrorPointer = UnsafeMutablePointer<sentry_error>
public typealias PluginPointer = UnsafePointer<sentry_plugin>

/// A plugin: its name, its version, its components and recipes.
///
/// The plugin's one file of glue:
/// ```swift
/// let plugin = Plugin("dataset-mine", version: "1.0.0", "My faces", components: [.dataset("mine", "My faces") { … }])
///
/// @c(sentry_plugin_entry_v1) @implementation
/// public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
///   plugin.entry(host, error)
/// }
/// ```
public struct Plugin: Sendable {
  let name, version, summary: String
  let components: [Component]
  let recipes: [Recipe]

  public init(
    _ name: String, version: String, _ summary: String, components: [Component], recipes: [Recipe] = []
  ) {
    (self.name, self.version, self.summary) = (name, version, summary)
    (self.components, self.recipes) = (components, recipes)
  }

  /// The body of the entry function. The result stays valid until the process ends.
  public func entry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
    guard host.pointee.struct_size >= SENTRY_HOST_SIZE_1_0, host.pointee.abi_major == SENTRY_ABI_MAJOR else {
      PluginError(
        "\(name) was built for border \(SENTRY_ABI_MAJOR).\(SENTRY_ABI_MINOR), but the host supports \(host.pointee.abi_major).\(host.pointee.abi_minor)",
        hint: "rebuild the plugin against this host's header", code: SENTRY_UNSUPPORTED
      ).fill(error)
      return nil
    }
    do {
      let content = PluginContent(
        factories: try components.map { try exportFactory($0, host) },
        recipes: try recipes.map { OwnedCString.permanent(try JSON.text($0)) })
      return UnsafePointer(export(content))
    } catch let thrown {
      PluginError(thrown).fill(error)
      return nil
    }
  }

  private func export(_ content: PluginContent) -> UnsafeMutablePointer<sentry_plugin> {
    typealias Context = Box<PluginContent>
    let size = MemoryLayout<sentry_plugin>.size
    let out = borderAllocate(size: size, sentry_plugin.self)
    out.pointee.struct_size = UInt32(size)
    out.pointee.abi_major = SENTRY_ABI_MAJOR
    out.pointee.abi_minor = SENTRY_ABI_MINOR
    out.pointee.name = OwnedCString.permanent(name)
    out.pointee.version = OwnedCString.permanent(version)
    out.pointee.summary = OwnedCString.permanent(summary)
    out.pointee.factory_count = UInt32(content.factories.count)
    out.pointee.recipe_count = UInt32(content.recipes.count)
    out.pointee.context = Context(content).retained()
    out.pointee.get_factory = { me, index in
      let factories = Context.at(me.pointee.context).factories
      return Int(index) < factories.count ? UnsafePointer(factories[Int(index)]) : nil
    }
    out.pointee.get_recipe = { me, index in
      let recipes = Context.at(me.pointee.context).recipes
      return Int(index) < recipes.count ? recipes[Int(index)] : nil
    }
    out.pointee.get_extension = { _, _ in nil }
    return out
  }
}

private struct PluginContent: @unchecked Sendable {
  let factories: [UnsafeMutablePointer<sentry_factory>]
  let recipes: [UnsafePointer<CChar>]
}

private struct FactoryContext: @unchecked Sendable {
  let component: Component
  let host: Host
}

private func exportFactory(_ component: Component, _ host: HostPointer) throws -> UnsafeMutablePointer<sentry_factory> {
  typealias Context = Box<FactoryContext>
  let size = MemoryLayout<sentry_factory>.size
  let raw = borderAllocate(size: size, sentry_factory.self)
  raw.pointee.struct_size = UInt32(size)
  raw.pointee.kind = OwnedCString.permanent(component.kind)
  raw.pointee.name = OwnedCString.permanent(component.name)
  raw.pointee.summary = OwnedCString.permanent(component.summary)
  raw.pointee.options_schema = OwnedCString.permanent(try JSON.text(OptionDeclaration.schema(component.options)))
  raw.pointee.context = Context(
    FactoryContext(component: component, host: Host(raw: host, component: component.name))
  ).retained()
  raw.pointee.create = { me, options, object, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      object.pointee = try this.component.create(
        CreationContext(options: Options(json: String(cString: options)), host: this.host))
    }
  }
  if component.score != nil {
    raw.pointee.score = { me, path in
      Int32(Context.at(me.pointee.context).component.score?(String(cString: path)) ?? 0)
    }
  }
  if component.available != nil {
    raw.pointee.available = { me, device, error in
      guarded(error) { try Context.at(me.pointee.context).component.available?(String(cString: device)) }
    }
  }
  return raw
}
