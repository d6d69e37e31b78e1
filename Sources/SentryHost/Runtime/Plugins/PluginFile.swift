import Glibc
import SentryPluginAPI

/// A file that is opened once and stays open: what is checked, hashed and loaded is this one.
///
/// The dynamic loader is given the path all the same, and not `/proc/self/fd/N`: libraries beside a plugin are found by
/// `$ORIGIN`, and plugins find what they bring along by the path that `dladdr` tells. That the path led to this file is
/// checked before and after.
final class PluginFile: Sendable {
  let path: String
  let identity: FileIdentity
  private let descriptor: Int32

  /// No plugin is larger than this.
  static let largest: Int64 = 4 << 30

  /// - Throws: ``PluginError`` where the path does not lead to a file that can be read.
  init(_ path: String) throws {
    self.path = path
    // A pipe would wait for its writer, and a device may do anything.
    descriptor = try SystemCall.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    do {
      identity = try FileIdentity(of: descriptor, path: path)
      guard identity.size <= Self.largest else {
        throw PluginError("it has \(identity.size) bytes; at most \(Self.largest) are supported")
      }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The first bytes, fewer where there are no more.
  func start(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let count = SystemError.repeating { pread(descriptor, &bytes, bytes.count, 0) }
    guard count >= 0 else { throw PluginError("cannot be read: \(Paths.lastError)") }
    return Array(bytes.prefix(count))
  }

  /// SHA-256 of the content, in hexadecimal.
  /// - Throws: ``PluginError``, also where the file was changed meanwhile.
  func sha256() throws -> String {
    let hash = try FileIdentity.sha256(of: descriptor, path: path)
    try requireUnchanged()
    return hash
  }

  /// - Throws: ``PluginError`` where the path leads to another file by now, or this one was written to.
  func requireUnchanged() throws {
    guard try FileIdentity(of: descriptor, path: path) == identity, (try? FileIdentity(of: path)) == identity else {
      throw PluginError(
        "\(path) was changed or replaced after it was checked", hint: "it is not used; run the command again")
    }
  }

  /// - Throws: ``PluginError`` where a library is not this file, as it was when it was opened.
  /// - Parameter handle: what `dlopen` gave.
  func requireLoaded(as handle: UnsafeMutableRawPointer) throws {
    let length = 1
    guard let address = SharedLibraries.address(of: handle) else {
      throw PluginError("the loader does not report where it mapped \(path)")
    }
    guard let own = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), own != MAP_FAILED else {
      throw PluginError("\(path) cannot be mapped: \(Paths.lastError)")
    }
    defer { munmap(own, length) }
    // Not stat's numbers: some file systems tell others there than in the list of mappings.
    let mapped = try SharedLibraries.mappedFiles(at: [address, UInt(bitPattern: own)])
    guard mapped[1] != nil, mapped[0] == mapped[1] else {
      throw PluginError("the loaded file is not the checked \(path)", hint: "it was replaced in the meantime")
    }
    try requireUnchanged()
  }
}

/// The files of one plugin.
package struct PluginFiles: Sendable {
  /// The shared library, or the manifest.
  var plugin: PluginFile
  /// What a manifest calls.
  var library: PluginFile?
  /// What ``ProbeCache`` and ``CrashRecord`` know the content of the files by; nil where neither is asked.
  var key: String?

  /// Opens what a path leads to. Throws ``PluginError``.
  init(_ path: String) throws {
    plugin = try PluginFile(path)
    if ForeignManifest.isManifest(path) { library = try PluginFile(try ForeignManifest(at: path).libraryFile()) }
  }

  /// - Throws: ``PluginError`` where one of them is no longer what it was.
  func requireUnchanged() throws {
    try plugin.requireUnchanged()
    try library?.requireUnchanged()
  }
}

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
