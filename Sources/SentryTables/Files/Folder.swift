import Glibc
import SentryBase
import SentryPluginAPI

/// A folder of a dataset, listed in an order that is the same everywhere.
public struct Folder: Sendable, Hashable {
  /// One thing in a folder. What a symbolic link points to counts, not the link.
  public struct Entry: Sendable, Hashable {
    public enum Kind: Sendable {
      case folder, file
      /// A link to what is not there.
      case missing
      /// A device, a pipe, or a name that is not UTF-8.
      case other
    }
    public let name: String
    public let kind: Kind
    public let isLink: Bool
  }

  public let path: String

  public init(_ path: String) { self.path = path }

  public func appending(_ relative: String) -> Folder { Folder(join(relative)) }

  /// The path of something in this folder.
  public func join(_ relative: String) -> String {
    path.utf8.last == UInt8(ascii: "/") ? path + relative : "\(path)/\(relative)"
  }

  /// Everything in the folder, sorted by the bytes of the names. Hidden entries and `__MACOSX` are passed over. A name that
  /// is not UTF-8 is ``Entry/Kind/other``.
  ///
  /// - Throws: ``PluginError`` where the folder cannot be read.
  public func entries() throws -> [Entry] {
    guard let stream = opendir(path) else { throw PluginError.unreadable(path, errno) }
    defer { closedir(stream) }
    var entries: [Entry] = []
    errno = 0
    while let raw = readdir(stream) {
      let (name, isText, type) = Self.name(of: raw)
      if !name.hasPrefix("."), name != "__MACOSX" {
        let (kind, isLink) = isText ? self.kind(of: name, type) : (.other, false)
        entries.append(Entry(name: name, kind: kind, isLink: isLink))
      }
      errno = 0
    }
    guard errno == 0 else { throw PluginError.unreadable(path, errno) }
    return entries.sorted { Self.precedes($0.name, $1.name) }
  }

  /// By bytes: names hold no zero, and a folder may hold a hundred thousand of them.
  private static func precedes(_ one: String, _ other: String) -> Bool {
    one.withCString { one in other.withCString { strcmp(one, $0) < 0 } }
  }

  // The struct is as long as its name needs, so it must be read where it lies and not be copied.
  private static func name(of entry: UnsafeMutablePointer<dirent>) -> (name: String, isText: Bool, type: Int32) {
    let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
    let characters = start.assumingMemoryBound(to: CChar.self)
    let text = String(validatingCString: characters)
    return (text ?? String(cString: characters), text != nil, Int32(entry.pointee.d_type))
  }

  private func kind(of name: String, _ type: Int32) -> (kind: Entry.Kind, isLink: Bool) {
    switch type {
    case 8: return (.file, false)  // DT_REG
    case 4: return (.folder, false)  // DT_DIR
    default: break
    }
    var status = stat()
    let isLink = lstat(join(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    guard stat(join(name), &status) == 0 else { return (isLink ? .missing : .other, isLink) }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: (.file, isLink)
    case S_IFDIR: (.folder, isLink)
    default: (.other, isLink)
    }
  }

  /// What tells one folder from all others, however it was reached.
  package func identity() throws -> [UInt] {
    var status = stat()
    guard stat(path, &status) == 0 else { throw PluginError.unreadable(path, errno) }
    return [UInt(status.st_dev), UInt(status.st_ino)]
  }
}

extension Folder {
  /// Where a link leads that leads nowhere; nil for everything else.
  package static func missingTarget(of path: String) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0 else { return nil }
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &bytes, bytes.count - 1)
    guard count >= 0 else { return nil }
    return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// What stands at a path.
public func entryKind(at path: String) throws -> Folder.Entry.Kind {
  var status = stat()
  guard stat(path, &status) == 0 else { throw PluginError.unreadable(path, errno) }
  return switch status.st_mode & S_IFMT {
  case S_IFREG: .file
  case S_IFDIR: .folder
  default: .other
  }
}

extension PluginError {
  static func unreadable(_ path: String, _ code: Int32) -> PluginError {
    .invalid("\(path): \(SystemError(code).text)", hint: "check the path and its permissions")
  }
}
