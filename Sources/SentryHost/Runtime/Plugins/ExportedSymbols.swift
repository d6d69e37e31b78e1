import CSentryPlugin
import SentryPluginAPI

/// What a shared library offers to the dynamic loader, read from its file (ELF, 64 bits, of this machine's byte order).
package enum ExportedSymbols {
  package static let entry = SENTRY_PLUGIN_ENTRY

  /// The names that the library defines for others, in the order of its table. Throws ``PluginError``.
  package static func of(_ path: String) throws -> [String] {
    let file = try ELFFile(try SystemFile.bytes(path, limit: 1 << 30) ?? [])
    // SHT_DYNSYM
    guard let table = try file.sections().first(where: { $0.type == 11 }) else { return [] }
    let strings = try file.section(Int(table.link))
    var names: [String] = []
    for offset in stride(from: 0, to: table.size - table.size % 24, by: 24) {
      let symbol = table.offset + offset
      let (information, visibility) = (
        try file.value(symbol + 4, as: UInt8.self), try file.value(symbol + 5, as: UInt8.self)
      )
      // Global, weak or unique; defined here; neither hidden nor internal.
      guard [1, 2, 10].contains(information >> 4), try file.value(symbol + 6, as: UInt16.self) != 0,
        [0, 3].contains(visibility & 3)
      else { continue }
      names.append(try file.text(strings, Int(try file.value(symbol, as: UInt32.self))))
    }
    return names.filter { !ofLinkers.contains($0) }
  }

  /// Some linkers give them to every library.
  private static let ofLinkers = ["_init", "_fini", "_edata", "_end", "__bss_start"]
}

/// The parts of an ELF file that lead to its symbols. Every place in it is checked.
private struct ELFFile {
  struct Section { let type: UInt32, link: UInt32, offset: Int, size: Int }
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2]) else {
      throw PluginError.badData("it is not an ELF file of 64 bits")
    }
  }

  func value<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type) throws -> Value {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else {
      throw PluginError.badData("its ELF tables point beyond its end")
    }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
  }

  func sections() throws -> [Section] {
    try (0..<Int(try value(60, as: UInt16.self))).map { try section($0) }
  }

  func section(_ index: Int) throws -> Section {
    let table = Int(clamping: try value(40, as: UInt64.self))
    let (start, overflows) = table.addingReportingOverflow(index * Int(try value(58, as: UInt16.self)))
    guard !overflows else { throw PluginError.badData("its ELF tables point beyond its end") }
    let (offset, size) = (
      Int(clamping: try value(start + 24, as: UInt64.self)), Int(clamping: try value(start + 32, as: UInt64.self))
    )
    let type = try value(start + 4, as: UInt32.self)
    // SHT_NOBITS has no place in the file.
    guard type == 8 || offset <= bytes.count && size <= bytes.count - offset else {
      throw PluginError.badData("its ELF tables point beyond its end")
    }
    return Section(type: type, link: try value(start + 40, as: UInt32.self), offset: offset, size: size)
  }

  func text(_ strings: Section, _ offset: Int) throws -> String {
    guard strings.type == 3, offset < strings.size else { throw PluginError.badData("a symbol has no name") }
    return String(
      decoding: bytes[strings.offset + offset..<strings.offset + strings.size].prefix { $0 != 0 }, as: UTF8.self)
  }
}
