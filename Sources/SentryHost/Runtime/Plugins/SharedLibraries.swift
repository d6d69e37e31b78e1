import Glibc

/// What the dynamic loader knows of the libraries that are mapped into this process.
package enum SharedLibraries {
  /// glibc's `struct link_map`: Swift's Glibc module shows neither it nor `dlinfo`.
  private struct LinkMap {
    var base: UInt
    var name: UnsafePointer<CChar>?
    var dynamic: UnsafePointer<DynamicEntry>?
    var next: UnsafePointer<LinkMap>?
    var previous: UnsafePointer<LinkMap>?
  }
  private struct DynamicEntry {
    var tag: Int
    var value: UInt
  }

  private static func linkMap(of handle: UnsafeMutableRawPointer) -> UnsafePointer<LinkMap>? {
    typealias Information = @convention(c) (UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer) -> Int32
    guard let symbol = dlsym(nil, "dlinfo") else { return nil }
    var map: UnsafePointer<LinkMap>?
    let linkMapRequest: Int32 = 2  // RTLD_DI_LINKMAP
    return unsafeBitCast(symbol, to: Information.self)(handle, linkMapRequest, &map) == 0 ? map : nil
  }

  /// An address within what was mapped for a handle of `dlopen`.
  static func address(of handle: UnsafeMutableRawPointer) -> UInt? {
    linkMap(of: handle)?.pointee.dynamic.map { UInt(bitPattern: $0) }
  }

  /// A file as the list of this process's mappings has it.
  struct MappedFile: Equatable { var device, inode: Substring }

  /// The files that addresses of this process are mapped from; nil where there is none. Throws ``PluginError``.
  static func mappedFiles(at addresses: [UInt]) throws -> [MappedFile?] {
    var found = [MappedFile?](repeating: nil, count: addresses.count)
    for line in (try SystemFile.text("/proc/self/maps") ?? "").split(separator: "\n") {
      // 7f00-7f10 r--p 00000000 fe:00 1234   /path
      let fields = line.split(separator: " ", maxSplits: 5)
      let ends = fields.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
      guard ends.count == 2, fields.count >= 5, fields[4] != "0" else { continue }
      for (index, address) in addresses.enumerated() where ends[0] <= address && address < ends[1] {
        found[index] = MappedFile(device: fields[3], inode: fields[4])
      }
    }
    return found
  }

  /// The libraries that the file behind a handle of `dlopen` asks for (DT_NEEDED), with the files that the loader gave it.
  package static func needed(by handle: UnsafeMutableRawPointer) -> [PluginDeclaration.Library] {
    guard let map = linkMap(of: handle), let dynamic = map.pointee.dynamic else { return [] }
    var files: [String: String] = [:]
    var first = map
    while let previous = first.pointee.previous { first = previous }
    for object in sequence(first: first, next: \.pointee.next) {
      if let path = object.pointee.name.map({ String(cString: $0) }), !path.isEmpty {
        files[Paths.last(path)] = Paths.real(path) ?? path
      }
    }
    let (end, needed, strings) = (0, 1, 5)  // DT_NULL, DT_NEEDED, DT_STRTAB
    let entries = sequence(first: dynamic) { $0 + 1 }.prefix { $0.pointee.tag != end }.map(\.pointee)
    guard
      let table = entries.first(where: { $0.tag == strings }).flatMap({ UnsafePointer<CChar>(bitPattern: $0.value) })
    else { return [] }
    return entries.filter { $0.tag == needed }.compactMap { entry in
      let name = String(cString: table + Int(entry.value))
      return files[name].map { .init(name: name, file: $0) }
    }
  }

  /// All that are mapped into this process, in the order in which they came.
  package static func ofThisProcess() -> [PluginDeclaration.Library] {
    guard let handle = dlopen(nil, RTLD_NOW), let map = linkMap(of: handle) else { return [] }
    defer { dlclose(handle) }
    return sequence(first: map, next: \.pointee.next).compactMap { object in
      guard let path = object.pointee.name.map({ String(cString: $0) }), path.hasPrefix("/") else { return nil }
      return .init(name: Paths.last(path), file: Paths.real(path) ?? path)
    }
  }

  /// Those of this program itself.
  package static func ofThisProgram() -> [PluginDeclaration.Library] {
    guard let handle = dlopen(nil, RTLD_NOW) else { return [] }
    defer { dlclose(handle) }
    return needed(by: handle)
  }

  /// The C library by its own name, `glibc 2.36`: its file's name tells no version.
  package static var cLibrary: String? {
    var text = [CChar](repeating: 0, count: 64)
    let count = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    guard count > 1, count <= text.count else { return nil }
    return String(decoding: text.prefix(count - 1).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension PluginDeclaration.Library {
  /// The version that the file's name tells: 2.6 of `libdnnl.so.2.6`, 0.3.21 of `libopenblasp-r0.3.21.so`. The number in
  /// the name that it is asked for by says what fits together, and is none: nil of `libc.so.6`.
  package var version: String? {
    let file = Paths.last(file)
    if let match = file.wholeMatch(of: #/.+\.so\.([0-9]+(?:\.[0-9A-Za-z]+)*)/#) {
      return file != name || match.1.contains(".") ? String(match.1) : nil
    }
    return file.wholeMatch(of: #/.+-r?([0-9]+(?:\.[0-9]+)+)\.so/#).map { String($0.1) }
  }
}
