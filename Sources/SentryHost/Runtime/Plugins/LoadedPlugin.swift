import CSentryPlugin
import Glibc
import SentryPluginAPI
import Synchronization

/// A plugin that lives in this process, for good: never closed.
package struct LoadedPlugin: @unchecked Sendable {
  package let file: String
  let handle: UnsafeMutableRawPointer
  /// The foreign library, where the file is a manifest.
  package let foreign: PluginDeclaration.Library?
  let raw: UnsafePointer<sentry_plugin>

  private static let all = Mutex<[String: LoadedPlugin]>([:])

  /// The plugin of a file: its entry is called once in a process.
  static func at(_ files: PluginFiles) throws -> LoadedPlugin {
    let path = files.plugin.path
    if let known = all.withLock({ $0[path] }) { return known }
    let plugin = try HostGuard.loading(files) { try LoadedPlugin(files) }
    all.withLock { $0[path] = plugin }
    return plugin
  }

  /// Calls the entry of a file with other services than those of this host, for a check of it in a process of its own.
  init(_ files: PluginFiles, host: UnsafePointer<sentry_host> = HostServices.pointer) throws {
    file = files.plugin.path
    let entry: (HostPointer, ErrorPointer) -> PluginPointer?
    if files.library != nil {
      let plugin = try ForeignPlugin(files)
      (handle, foreign, entry) = (plugin.function.handle, plugin.library, plugin.entry)
    } else {
      (handle, foreign) = (try Self.open(files.plugin), nil)
      guard let symbol = dlsym(handle, SENTRY_PLUGIN_ENTRY) else {
        throw PluginError(
          "it has no entry \(SENTRY_PLUGIN_ENTRY)",
          hint: "it is not a plugin, or it is a plugin for another major version of the border")
      }
      let function = unsafeBitCast(symbol, to: sentry_plugin_entry_fn.self)
      entry = { function($0, $1) }
    }
    var plugin: UnsafePointer<sentry_plugin>?
    try acrossBorder { error in
      plugin = entry(host, error)
      if plugin != nil { return SENTRY_OK }
      return error.pointee.code == SENTRY_OK ? SENTRY_FAILED : error.pointee.code
    }
    guard let plugin else { throw PluginError("its entry returned nothing") }
    raw = plugin
    HostGuard.loaded(file, as: handle)
    try checkVersion()
    if let member = nullPointer() {
      throw PluginError("\(member) is null", hint: "the plugin must set it: sentry plugins check \(file) tells more")
    }
  }

  /// Maps a library into this process, for good.
  static func open(_ file: PluginFile) throws -> UnsafeMutableRawPointer {
    try file.requireUnchanged()
    // OpenBLAS would start a thread for each core while it is mapped, whose memory it waits for without end where there is
    // none. The threads are the host's.
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      throw PluginError(
        dlerror().map { String(cString: $0) } ?? "it cannot be loaded", hint: "install the library that it needs")
    }
    try file.requireLoaded(as: handle)
    return handle
  }

  private func checkVersion() throws {
    let (major, minor) = (raw.pointee.abi_major, raw.pointee.abi_minor)
    let own = "\(SENTRY_ABI_MAJOR).\(SENTRY_ABI_MINOR)"
    guard major == SENTRY_ABI_MAJOR else {
      throw PluginError(
        "it was built for border \(major).\(minor), but this host supports \(own)",
        hint: major < SENTRY_ABI_MAJOR ? "rebuild it against this host's sentry_plugin.h" : "update sentry",
        code: SENTRY_UNSUPPORTED)
    }
    guard minor <= SENTRY_ABI_MINOR else {
      throw PluginError(
        "it needs border \(major).\(minor), but this host supports \(own)",
        hint: "update sentry, or rebuild the plugin against this host's sentry_plugin.h", code: SENTRY_UNSUPPORTED)
    }
    guard raw.pointee.struct_size >= SENTRY_PLUGIN_SIZE_1_0 else {
      throw PluginError(
        "its sentry_plugin.struct_size is \(raw.pointee.struct_size) but must be at least \(SENTRY_PLUGIN_SIZE_1_0)",
        hint: "set it to sizeof(sentry_plugin)", code: SENTRY_UNSUPPORTED)
    }
  }

  package var name: String { String(cString: raw.pointee.name) }
  package var version: String { String(cString: raw.pointee.version) }
  package var summary: String { String(cString: raw.pointee.summary) }
  package var border: String { "\(raw.pointee.abi_major).\(raw.pointee.abi_minor)" }

  /// A plugin that claims more than this is not to be believed.
  package static let limit: UInt32 = 1000

  func factories() throws -> [UnsafePointer<sentry_factory>] {
    guard raw.pointee.factory_count <= Self.limit else {
      throw PluginError("it declares \(raw.pointee.factory_count) components")
    }
    return try (0..<raw.pointee.factory_count).map { index in
      guard let factory = raw.pointee.get_factory(raw, index) else {
        throw PluginError("its component \(index) is missing")
      }
      guard factory.pointee.struct_size >= SENTRY_FACTORY_SIZE_1_0 else {
        throw PluginError(
          "the struct_size of its component \(index) is \(factory.pointee.struct_size) but must be at least \(SENTRY_FACTORY_SIZE_1_0)",
          hint: "set it to sizeof(sentry_factory)")
      }
      return factory
    }
  }

  package func recipes() throws -> [Recipe] {
    guard raw.pointee.recipe_count <= Self.limit else {
      throw PluginError("it declares \(raw.pointee.recipe_count) recipes")
    }
    return try (0..<raw.pointee.recipe_count).map { index in
      guard let text = raw.pointee.get_recipe(raw, index) else { throw PluginError("its recipe \(index) is missing") }
      return try JSON.decode(from: String(cString: text), what: "its recipe \(index)")
    }
  }

  func factory(_ kind: ComponentKind, _ name: String) throws -> UnsafePointer<sentry_factory> {
    let match = try factories().first {
      String(cString: $0.pointee.kind) == kind.border && String(cString: $0.pointee.name) == name
    }
    guard let match else {
      throw PluginError("\(file) no longer offers the \(kind.rawValue) '\(name)'", hint: "sentry plugins list --probe")
    }
    return match
  }

  /// Why a component cannot work on a device (`cpu`, `cuda:1`, `auto`: any but the CPU); nil where it can, or does not say.
  package func hindrance(_ kind: ComponentKind, _ name: String, on device: String) throws -> PluginError? {
    let factory = try factory(kind, name)
    // Since 1.3.
    guard factory.pointee.struct_size >= SENTRY_FACTORY_SIZE_1_3, let available = factory.pointee.available else {
      return nil
    }
    return try Callee(kind, name, of: file).during("telling its devices") {
      do {
        try acrossBorder { available(factory, device, $0) }
        return nil
      } catch let error as PluginError where error.code != SENTRY_CANCELLED {
        // SENTRY_UNSUPPORTED, or the question itself failed, as where a driver is broken: it does not work there either way.
        return error
      }
    }
  }

  /// Makes a component; the kind decides what the object is.
  func make(_ kind: ComponentKind, _ name: String, options: String) throws -> UnsafeMutableRawPointer {
    let factory = try factory(kind, name)
    var object: UnsafeMutableRawPointer?
    try Callee(kind, name, of: file).during("being made") {
      try acrossBorder { factory.pointee.create(factory, options, &object, $0) }
    }
    guard let object else { throw PluginError("the plugin reported success but created no \(kind.rawValue)") }
    return object
  }
}
