import Glibc

/// What libFuzzer calls, and what it needs once: a file in memory that the readers open by its path.
private final class Fuzzer: Sendable {
  static let shared = Fuzzer()
  private let reader: ReaderExercise
  private let descriptor: Int32
  private let path: String
  private let folder: String

  private init() {
    guard let name = getenv("SENTRY_FUZZ"), let reader = ReaderExercise(rawValue: String(cString: name)),
      let memory = strdup("/dev/shm/sentry-fuzz-XXXXXX"), mkdtemp(memory) != nil
    else { fatalError("SENTRY_FUZZ names no reader, or /dev/shm cannot be written") }
    self.reader = reader
    folder = String(cString: memory)
    free(memory)
    descriptor = open("\(folder)/input", O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0, unlink("\(folder)/input") == 0 else { fatalError("no file in /dev/shm") }
    path = "/proc/self/fd/\(descriptor)"
    if reader != .zip { rmdir(folder) }
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    read(bytes)
    // No mutation finds a checksum: what lies behind it is reached by making the checksums right.
    if reader == .pth || reader == .zip, let honest = honest(bytes) { honest.withUnsafeBytes(read) }
  }

  private func read(_ bytes: UnsafeRawBufferPointer) {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else {
      fatalError("/dev/shm is full")
    }
    do { try reader.run(path, folder: folder) } catch let error as FormatError {
      guard !error.detail.isEmpty, error.description.utf8.count < 100_000 else { fatalError("an error without end") }
      if getenv("SENTRY_FUZZ_SHOW") != nil {
        let text = Array("refused, \(error.code.rawValue): \(error)\n".utf8)
        _ = write(2, text, text.count)
      }
    } catch { fatalError("another error than FormatError: \(error)") }
  }

  /// The archive with checksums as its entries are stored; nil where it is no archive, or had them right.
  private func honest(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let file = try? InputFile(path), let archive = try? ZipArchive(file, inflating: true),
      let directory = try? ZipArchive.findDirectory(file)
    else { return nil }
    var honest = Array(bytes)
    var position = directory.range.lowerBound
    for entry in archive.entries {
      let fields = LittleEndian(bytes: honest)
      guard !entry.isDeflated, let checksum = try? entry.data.checksum(), let name = fields.u16(position + 28),
        let extra = fields.u16(position + 30), let comment = fields.u16(position + 32)
      else { return nil }
      for byte in 0..<4 { honest[position + 16 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(byte))) }
      position += ZipLayout.directoryHeaderSize + name + extra + comment
    }
    return honest.elementsEqual(bytes) ? nil : honest
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  Fuzzer.shared.run(UnsafeRawBufferPointer(start: data, count: count))
  return 0
}
