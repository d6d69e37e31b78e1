import CSentryPlugin
import FoundationEssentials
import Glibc
import SentryBase
import SentryPluginAPI

/// What preparers need of files and folders, with errors that name them.
enum FileSystem {
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder that are not hidden, numbers in them in the order of their values.
  static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      throw PluginError.system(folder, "cannot be listed", code: SENTRY_INVALID)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // The struct is as long as its name needs: it must be read where it lies.
      let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
      let name = String(cString: start.assumingMemoryBound(to: CChar.self))
      if !name.hasPrefix("."), name != "__MACOSX" { names.append(name) }
    }
    return names.map { (key: naturalKey($0), name: $0) }.sorted {
      $0.key != $1.key ? $0.key.lexicographicallyPrecedes($1.key) : $0.name < $1.name
    }.map(\.name)
  }

  /// Runs of digits count as their number: frame 9 comes before frame 10.
  private static func naturalKey(_ name: String) -> [UInt64] {
    var key: [UInt64] = []
    var number: UInt64?
    for byte in name.utf8 {
      if (48...57).contains(byte) {
        number = min((number ?? 0), 1 << 56) &* 10 &+ UInt64(byte - 48)
      } else {
        if let value = number { key.append(value &+ 256) }
        number = nil
        key.append(UInt64(byte))
      }
    }
    if let value = number { key.append(value &+ 256) }
    return key
  }

  static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o777) == 0 { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 { return }
    }
    let problem = SystemError.last
    if problem.number == EEXIST, isFolder(path) { return }
    throw PluginError.system(path, "the folder cannot be created", problem)
  }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  static func move(_ from: String, to: String) throws {
    guard rename(from, to) == 0 else { throw PluginError.system(to, "cannot be put in place") }
  }

  /// A whole text file of at most `limit` bytes.
  static func text(_ path: String, limit: Int = 64 << 20) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw PluginError.system(path, "cannot be opened", code: SENTRY_INVALID) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PluginError.invalid("\(path) is not a file")
    }
    guard status.st_size <= limit else {
      throw PluginError.badData("\(path): has \(status.st_size) bytes, more than any such file (\(limit))")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let room = bytes.count - done
      let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + done }, room) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw PluginError.system(path, "cannot be read") }
      if count == 0 { break }
      done += count
    }
    guard let text = String(validating: bytes.prefix(done), as: UTF8.self) else {
      throw PluginError.badData("\(path): is not UTF-8 text", hint: "check that it is the right file")
    }
    return text
  }
}

extension StringProtocol {
  var trimmingSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    return String(String(drop(while: isSpace)).reversed().drop(while: isSpace).reversed())
  }
}
