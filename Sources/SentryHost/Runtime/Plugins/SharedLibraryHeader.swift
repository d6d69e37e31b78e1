/// A first look at a file: is it a shared library for this machine at all?
enum SharedLibraryHeader {
  /// - Returns: why it is none, or nil.
  static func objection(to file: PluginFile) throws -> String? {
    let header = try file.start(20)
    guard header.count >= 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      return "not a shared library (it has no ELF header)"
    }
    let own = try PluginFile("/proc/self/exe").start(20)
    guard own.count >= 20 else { return nil }
    // Word size, byte order; machine.
    guard header[4...5] == own[4...5], header[18...19] == own[18...19] else {
      return "a library for another machine architecture"
    }
    guard header[16] == 3, header[17] == 0 else { return "not a shared library (ELF type \(header[16]))" }
    return nil
  }
}
