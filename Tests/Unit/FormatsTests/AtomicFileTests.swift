import Glibc
import Testing

@testable import SentryFormats

@Suite struct AtomicFileTests {
  @Test func replacesAndKeepsThePermissions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "old")
    #expect(chmod(path, 0o640) == 0)
    try AtomicFile.write("new", to: path)
    #expect(try contents(path) == Array("new".utf8))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try folder.names == ["a"])
  }

  @Test func aFailingBodyLeavesTheOldFile() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    let path = try folder.file("a", "old")
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) {
        try $0.write([UInt8](repeating: 1, count: 1 << 20))
        throw Stop()
      }
    }
    #expect(try contents(path) == Array("old".utf8))
    #expect(try folder.names == ["a"])
  }

  /// The system refuses to write beyond a limit, as it does on a full disk: at the flush, and within a large write.
  /// In a child, since the limit is the whole process's and other tests write at the same time.
  @Test func aRefusedWriteLeavesTheOldFile() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = try folder.file("a", "old")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
      try #require(setrlimit(__rlimit_resource_t(1), &limit) == 0)
      for size in [10_000, 1 << 20] {
        let bytes = [UInt8](repeating: 1, count: size)
        let tensor = try StoredTensor(dtype: .u8, shape: [size], bytes: bytes)
        let error = expectError(.cannotWrite, naming: path) { try AtomicFile.write(bytes, to: path) }
        #expect(error?.detail.contains("\(size) bytes were needed") == true)
        expectError(.cannotWrite, naming: path) { try PyTorchFile.writeStateDict([("x", tensor)], to: path) }
        expectError(.cannotWrite, naming: path) { try NPYFile.write(tensor, to: path) }
        #expect(try contents(path) == Array("old".utf8))
        #expect(try folder.names == ["a"])
      }
    }
  }

  @Test func aFullDiskIsNamed() throws {
    let device = open("/dev/full", O_WRONLY)
    try #require(device >= 0)
    defer { close(device) }
    let output = OutputFile(descriptor: device, path: "x.pth", needed: 123)
    try output.write([1, 2, 3])
    let error = expectError(.cannotWrite, naming: "x.pth") { try output.flush() }
    #expect(error?.detail.contains("No space left") == true)
    #expect(error?.detail.contains("123 bytes were needed") == true)
    #expect(error?.hint?.contains("free space") == true)
  }

  @Test func devicesAndFoldersAreNotReplaced() throws {
    let folder = try TemporaryFolder()
    expectError(.cannotWrite, naming: "/dev/null") { try AtomicFile.write("x", to: "/dev/null") }
    expectError(.cannotWrite) { try AtomicFile.write("x", to: folder.path) }
    expectError(.cannotWrite) { try AtomicFile.write("x", to: folder.path + "/") }
    expectError(.cannotWrite, naming: "no/such") { try AtomicFile.write("x", to: folder.file("no/such")) }
  }

  @Test func longNamesAndConcurrentWriters() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file(String(repeating: "ü", count: 127))
    await withTaskGroup { group in
      for writer in UInt8(0)..<8 {
        group.addTask {
          for _ in 0..<20 {
            do { try AtomicFile.write([UInt8](repeating: writer, count: 10_000), to: path) } catch {
              Issue.record(error)
            }
          }
        }
      }
    }
    let bytes = try contents(path)
    #expect(bytes.count == 10_000 && Set(bytes).count == 1)
    #expect(try folder.names.count == 1)
  }

  /// A writer that was killed holds no lock any more, whatever its number was.
  @Test func whatAKilledWriterLeftIsRemovedByTheNext() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file(".a.tmp-\(getpid())", "of a dead process whose number is this one's")
    _ = try folder.file(".a.tmp-999999999", "of a dead process")
    _ = try folder.file(".b.tmp-999999999", "of another file")
    let living = try folder.file(".a.tmp-5", "of a living one")
    let descriptor = open(living, O_RDONLY)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    try AtomicFile.write("new", to: folder.file("a"))
    #expect(try folder.names == [".a.tmp-5", ".b.tmp-999999999", "a"])
  }

  @Test func callsThatASignalInterruptsAreMadeAgain() {
    var calls = 0
    let result = SystemError.repeating {
      calls += 1
      errno = EINTR
      return calls < 3 ? -1 : 7
    }
    #expect(result == 7 && calls == 3)
    let failure: Int32 = SystemError.repeating {
      errno = EIO
      return -1
    }
    #expect(failure == -1)
  }
}
