import Glibc
import SentryBase
import SentryDigest
import SentryTestSupport
import Testing

@Suite("Digests")
struct DigestTests {
  @Test("SHA-256 is that of FIPS 180-4")
  func sha256() {
    #expect(
      SHA256.hash(data: Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hash(data: []).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test("MD5 is that of RFC 1321")
  func md5() {
    #expect(MD5.hash(data: Array("message digest".utf8)).hexadecimal == "f96b697d7cb7938d525a2f31aaf161d0")
  }

  /// A million times "a", as in FIPS 180-4: more than one piece of a file.
  @Test("A file is read to its end, piece by piece")
  func file() throws {
    let tree = try TestTree()
    let path = "\(tree.path)/a"
    try AtomicFile.write([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000), to: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var (hash, pieces) = (SHA256(), 0)
    try hash.update(reading: descriptor) { pieces += 1 }
    #expect(pieces > 1)
    #expect(hash.finalize().hexadecimal == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("What cannot be read is an error and no digest")
  func unreadable() throws {
    let descriptor = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var hash = SHA256()
    let error = #expect(throws: SystemError.self) { try hash.update(reading: descriptor) }
    #expect(error?.number == EISDIR)
  }
}
