import CSentryPlugin
import SentryPluginAPI

/// What the checks of a plugin look at beneath what the host itself uses.
extension LoadedPlugin {
  /// The plugin of a file that is not in the search path. Its entry is called once in a process.
  package static func checked(_ file: String) throws -> LoadedPlugin { try at(PluginFiles(file)) }

  /// A host of another minor version of the border than this one.
  package enum OtherHost: Sendable {
    /// The first: no member that came later is there, though its memory is zero.
    case first
    /// One to come, with members that no plugin of today knows.
    case later

    fileprivate var pointer: UnsafePointer<sentry_host> {
      let own = HostServices.make(over: .shared)
      let further = 64
      let size = MemoryLayout<sentry_host>.size
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size + further, alignment: 16)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: size + further)
      memory.copyMemory(from: own, byteCount: size)
      let host = memory.assumingMemoryBound(to: sentry_host.self)
      switch self {
      case .first: (host.pointee.abi_minor, host.pointee.struct_size) = (0, SENTRY_HOST_SIZE_1_0)
      case .later: (host.pointee.abi_minor, host.pointee.struct_size) = (SENTRY_ABI_MINOR + 7, UInt32(size + further))
      }
      return UnsafePointer(host)
    }
  }

  /// Loads a file as that host would. The process must not have loaded it before: an entry is called once.
  package static func checked(_ file: String, by host: OtherHost) throws -> LoadedPlugin {
    try LoadedPlugin(PluginFiles(file), host: host.pointer)
  }

  /// A name for a pointer that must not be null and is, in what the plugin declares.
  package func nullPointer() -> String? {
    // Null is no value of the types that Swift gives to these members: they are read as words.
    let members = [
      ("name", 16), ("version", 24), ("summary", 32), ("get_factory", 56), ("get_recipe", 64), ("get_extension", 72),
    ]
    if let member = Self.null(among: members, of: raw) { return "sentry_plugin.\(member)" }
    let ofFactories = [("kind", 8), ("name", 16), ("summary", 24), ("options_schema", 32), ("create", 48)]
    for index in 0..<min(raw.pointee.factory_count, Self.limit) {
      // Those that are missing or too short are told by ``factories()``.
      guard let factory = raw.pointee.get_factory(raw, index),
        factory.pointee.struct_size >= SENTRY_FACTORY_SIZE_1_0
      else { continue }
      if let member = Self.null(among: ofFactories, of: factory) {
        return "sentry_factory.\(member) of component \(index)"
      }
    }
    return nil
  }

  private static func null(among members: [(name: String, offset: Int)], of object: UnsafeRawPointer) -> String? {
    members.first { object.load(fromByteOffset: $0.offset, as: UInt.self) == 0 }?.name
  }
}
