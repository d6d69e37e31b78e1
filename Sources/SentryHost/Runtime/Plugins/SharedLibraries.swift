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

  /// The libraries that the file behind a handle of `dlopen` asks for (DT_NEEDED), with the files that the loader gave it.
  package static func needed(by handle: UnsafeMutableRawPointer) -> [PluginDeclaration.Library] {
    typealias Information = @convention(c) (UnsafeMutableRawPointer, Int32, UnsafeMutableRawPointer) -> Int32
    guard let symbol = dlsym(nil, "dlinfo") else { return [] }
    var map: UnsafePointer<LinkMap>?
    let linkMapRequest: Int32 = 2  // RTLD_DI_LINKMAP
    guard unsafeBitCast(symbol, to: Information.self)(handle, linkMapRequest, &map) == 0, let map,
      let dynamic = map.pointee.dynamic
    else { return [] }
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
    return count > 1 && count <= text.count ? String(cString: text) : nil
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
