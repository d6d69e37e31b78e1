import Glibc
import SentryFormats
import SentryPluginAPI

/// The unfinished file, `PATH.part`, and beside it what has to be known to go on with it.
final class PartFile {
  /// What the server said when the file was begun.
  struct Origin: Codable, Equatable {
    var url: String
    /// A strong ETag, or a date: what tells that the file is still the same.
    var etag: String?
    var lastModified: String?
    var total: Int?

    var validator: String? { etag ?? lastModified }
  }

  let path: String
  let finalPath: String
  private(set) var size: Int
  private(set) var origin: Origin?
  private let descriptor: Int32
  private var originPath: String { path + ".json" }

  /// Opens or makes the file, and keeps others from it. Throws ``PluginError``.
  init(for finalPath: String) throws {
    self.finalPath = finalPath
    let path = finalPath + ".part"
    self.path = path
    descriptor = interrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666) }
    guard descriptor >= 0 else { throw Disk.failure(path, "cannot be written") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw PluginError("\(path): another download is writing it", hint: "wait for it, or stop it")
    }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw PluginError("\(path) is not a file", hint: "remove it")
    }
    size = Int(info.st_size)
    origin = Self.read(path + ".json")
  }

  deinit { close(descriptor) }

  /// Without a readable record nothing can be resumed by validator: the same as none.
  private static func read(_ path: String) -> Origin? {
    guard let bytes = Disk.size(of: path), bytes < 1 << 16, let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: bytes)
    let count = fread(&buffer, 1, bytes, file)
    return try? JSON.decode(from: String(decoding: buffer.prefix(count), as: UTF8.self), what: path)
  }

  func begin(_ origin: Origin) throws {
    guard origin != self.origin else { return }
    self.origin = origin
    try AtomicFile.write(try JSON.text(origin) + "\n", to: originPath)
  }

  func truncate() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw Disk.failure(path, "cannot be emptied") }
    size = 0
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(size))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Disk.failure(path, "cannot be written") }
      done += count
      size += count
    }
  }

  /// Gives the whole, checked file its final name.
  func finish() throws {
    guard interrupted({ fsync(descriptor) }) == 0 else { throw Disk.failure(path, "cannot be synced") }
    guard interrupted({ rename(path, finalPath) }) == 0 else {
      throw Disk.failure(finalPath, "cannot be renamed to from \(path)")
    }
    unlink(originPath)
    let folder = open(Paths.folder(of: finalPath), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  func remove() {
    unlink(path)
    unlink(originPath)
  }
}

/// Calls again as long as a signal interrupts.
private func interrupted(_ call: () -> Int32) -> Int32 {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
