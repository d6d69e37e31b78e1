import CSentryPlugin
import Foundation
import SentryPluginAPI
import Synchronization
import Testing

@testable import SentryDownload

/// Against a real server on loopback that behaves as badly as it can.
@Suite struct DownloadTests {
  /// Of the server's 100,000 bytes.
  static let sha256 = "212dc194fb2ef254c56087859756880dbe81f160d6ea1528ccd7b92746938f31"
  static let md5 = "2ee0ed3b480b0b1e75607febecae6747"
  static let sha256OfNew = "0a56d46bafab3c2873fa641c553feaa54e68856168557d73d53dbe7d64974b12"

  let server: BadServer
  let folder: TemporaryTree
  let name = UUID().uuidString

  init() throws {
    server = try #require(BadServer.shared)
    folder = try TemporaryTree()
  }

  func options(retries: Int = 3) -> DownloadOptions {
    var options = DownloadOptions()
    (options.retries, options.firstWait, options.stallSeconds) = (retries, 0.001, 1)
    return options
  }

  func fetch(
    _ mode: String, _ query: String = "size=100000", sha256: String? = Self.sha256, md5: String? = nil,
    bytes: Int? = nil, options: DownloadOptions? = nil, environment: DownloadEnvironment = DownloadEnvironment()
  ) throws -> DownloadOutcome {
    try Downloader(options: options ?? self.options(), environment: environment).fetch(
      Download(
        url: server.address(mode, name, query), path: folder.path("file"), bytes: bytes, md5: md5, sha256: sha256))
  }

  /// What the download reports; the final name must not be there afterwards.
  func failure(
    _ mode: String, _ query: String = "size=100000", sha256: String? = Self.sha256, bytes: Int? = nil,
    options: DownloadOptions? = nil, environment: DownloadEnvironment = DownloadEnvironment()
  ) throws -> PluginError {
    let error = #expect(throws: PluginError.self) {
      try fetch(mode, query, sha256: sha256, bytes: bytes, options: options, environment: environment)
    }
    #expect(!folder.names.contains("file"), "half a file under the final name")
    return try #require(error)
  }

  @Test func aFileIsFetchedAndChecked() throws {
    let outcome = try fetch("good", md5: Self.md5, bytes: 100_000)
    #expect(outcome == .fetched(bytes: 100_000))
    #expect(folder.names == ["file"])
    #expect(try fetch("good") == .alreadyThere)
    #expect(try server.requests(name).count == 1, "what is there is not fetched again")
  }

  @Test func aFileThatIsThereButWrongIsNotTakenForTheRightOne() throws {
    try Data("other".utf8).write(to: URL(fileURLWithPath: folder.path("file")))
    let error = #expect(throws: PluginError.self) { try fetch("good") }
    #expect(error?.code == SENTRY_INVALID && error?.message.contains("its SHA-256 is") == true)
    var options = options()
    options.overwrite = true
    #expect(try fetch("good", options: options) == .fetched(bytes: 100_000))
  }

  @Test func aConnectionThatBreaksOffIsTakenUpAgain() throws {
    #expect(try fetch("break", "size=100000&at=30000&times=2") == .fetched(bytes: 100_000))
    let requests = try server.requests(name)
    #expect(requests.map(\.range) == [nil, "bytes=30000-", "bytes=60000-"])
    #expect(requests.map(\.ifRange) == [nil, "\"one\"", "\"one\""])
  }

  @Test func anInterruptedDownloadGoesOnWithTheNextCommand() throws {
    let seen = Mutex(0)
    let interrupted = DownloadEnvironment(
      isCancelled: { seen.withLock { $0 } > 0 }, progress: { progress in seen.withLock { $0 = progress.done } })
    let error = try failure("break", "size=100000&at=40000", environment: interrupted)
    #expect(error.code == SENTRY_CANCELLED)
    #expect(error.message.contains("are kept in \(folder.path("file.part"))"))
    #expect(error.hint?.contains("goes on from there") == true)
    #expect(folder.names == ["file.part", "file.part.json"])
    let kept = try #require(folder.size("file.part"))
    #expect(kept > 0 && kept <= 40_000)
    #expect(try fetch("good") == .fetched(bytes: 100_000))
    #expect(folder.names == ["file"])
    #expect(try server.requests(name).last?.range == "bytes=\(kept)-")
  }

  @Test func withoutAChecksumTheSameServersValidatorIsNeeded() throws {
    let broken = "size=100000&at=40000"
    _ = try failure("break", broken + "&times=1", sha256: nil, options: options(retries: 0))
    // Another address: nothing tells that it is the same file.
    #expect(try fetch("good", sha256: nil) == .fetched(bytes: 100_000))
    #expect(try server.requests(name).last?.range == nil)
    try FileManager.default.removeItem(atPath: folder.path("file"))
    _ = try failure("novalidator", broken, sha256: nil, options: options(retries: 0))
    #expect(try fetch("novalidator", broken, sha256: nil) == .fetched(bytes: 100_000))
    #expect(try server.requests(name).last?.range == nil)
  }

  @Test func aServerThatIgnoresTheRangeIsReadFromTheStart() throws {
    #expect(try fetch("norange", "size=100000&at=40000") == .fetched(bytes: 100_000))
  }

  @Test func aFileThatChangesMeanwhileIsNotPutTogether() throws {
    for mode in ["changed", "changed206"] {
      let outcome = try fetch(mode, "size=100000&at=40000", sha256: Self.sha256OfNew)
      #expect(outcome == .fetched(bytes: 100_000), "\(mode)")
      try FileManager.default.removeItem(atPath: folder.path("file"))
    }
    #expect(try fetch("shifted", "size=100000&at=40000") == .fetched(bytes: 100_000))
  }

  @Test(arguments: [("404", "answered 404, there is no such file"), ("403", "answered 403, access is refused")])
  func whatIsNotThereIsNotAskedForAgain(mode: String, text: String) throws {
    let error = try failure(mode)
    #expect(error.message.contains(text) && error.hint != nil)
    #expect(try server.requests(name).count == 1)
    #expect(folder.names.isEmpty)
  }

  @Test func serverErrorsAreTriedAgainAFewTimes() throws {
    let error = try failure("500")
    #expect(error.message.contains("answered 500; gave up after 4 attempts"))
    #expect(try server.requests(name).count == 4)
    #expect(folder.names.isEmpty)
    #expect(try fetch("503") == .fetched(bytes: 100_000))
  }

  @Test func aServerThatRecoversIsForgiven() throws {
    #expect(try fetch("500", "size=100000&times=2") == .fetched(bytes: 100_000))
  }

  @Test(arguments: ["stall", "silent", "drip"]) func slownessEnds(mode: String) throws {
    let error = try failure(mode, "size=100000&at=5000", options: options(retries: 1))
    #expect(error.message.contains("too slow or does not answer"), "\(error.message)")
    #expect(error.message.contains("gave up after 2 attempts"))
  }

  @Test func aLengthThatIsTooLongEndsInAnError() throws {
    let error = try failure("long", sha256: nil)
    #expect(error.message.contains("broke off at 100000 of 101000 bytes"), "\(error.message)")
    #expect(error.message.contains("100.0 kB are kept"))
  }

  @Test func aLengthThatIsTooShortIsCaughtByWhatIsKnown() throws {
    #expect(try failure("short", sha256: nil, bytes: 100_000).message.contains("offers 99000 bytes"))
    let error = try failure("short")
    #expect(error.message.contains("damaged or another file: its SHA-256"), "\(error.message)")
    #expect(error.code == SENTRY_BAD_DATA)
    #expect(folder.names.isEmpty, "what is known to be wrong is not kept")
  }

  @Test func moreThanTheFileIsNotWritten() throws {
    let error = try failure("endless", sha256: nil, bytes: 100_000)
    #expect(error.message.contains("sends more than the 100000 bytes"))
    #expect((folder.size("file.part") ?? 0) <= 100_000)
  }

  @Test func aFileWithoutALengthIsFetched() throws {
    #expect(try fetch("nolength") == .fetched(bytes: 100_000))
  }

  @Test func theWrongContentsAreRefused() throws {
    let error = try failure("garbage")
    #expect(error.message.contains("\(Self.sha256) is expected"))
    #expect(folder.names.isEmpty)
  }

  @Test func redirectsAreFollowedAndBounded() throws {
    #expect(try fetch("redirect") == .fetched(bytes: 100_000))
    try FileManager.default.removeItem(atPath: folder.path("file"))
    let loop = try failure("loop")
    #expect(loop.message.contains("redirects more than 8 times"))
    #expect(try failure("elsewhere").message.contains("redirected away"))
    var secure = options()
    secure.secureRedirectsOnly = true
    #expect(try failure("redirect", options: secure).message.contains("redirected away from https"))
  }

  @Test func whatIsNoHTTPIsAnError() throws {
    let error = try failure("nonsense", options: options(retries: 1))
    #expect(error.message.contains("does not answer in HTTP"), "\(error.message)")
  }

  @Test func aServerThatIsNotThereIsAnError() throws {
    let error = #expect(throws: PluginError.self) {
      try Downloader(options: options(retries: 1)).fetch(
        Download(url: "http://127.0.0.1:9/file", path: folder.path("file")))
    }
    #expect(error?.message.contains("http://127.0.0.1:9/file: the connection failed") == true)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "https://a b/", "x"])
  func addressesOfAnotherKindAreRefused(address: String) throws {
    let error = #expect(throws: PluginError.self) {
      try Downloader().fetch(Download(url: address, path: folder.path("file")))
    }
    #expect(error?.code == SENTRY_INVALID)
    #expect(folder.names.isEmpty)
  }

  @Test func theDiskIsNotFilled() throws {
    let tight = DownloadEnvironment(freeSpace: { _ in 64 << 20 | 50_000 })
    let error = try failure("good", environment: tight)
    #expect(error.message.contains("needs 100.0 kB more, and the disk has"), "\(error.message)")
    #expect(folder.names.isEmpty)
  }

  @Test func aProxyIsUsed() throws {
    // To a proxy, the request line has the whole address, which the server does not know: it answers 404.
    var options = options()
    options.proxy = server.base
    let error = #expect(throws: PluginError.self) {
      try Downloader(options: options).fetch(
        Download(url: "http://nowhere.invalid/\(name)", path: folder.path("file")))
    }
    #expect(error?.message.contains("answered 404") == true, "\(error?.message ?? "")")
    options.proxy = "http://127.0.0.1:9"
    options.retries = 0
    #expect(throws: PluginError.self) {
      try Downloader(options: options).fetch(Download(url: server.address("good", name), path: folder.path("file")))
    }
  }

  @Test func twoDownloadsDoNotShareAPart() throws {
    let part = try PartFile(for: folder.path("file"))
    let error = #expect(throws: PluginError.self) { try fetch("good") }
    #expect(error?.message.contains("another download is writing it") == true)
    withExtendedLifetime(part) {}
  }

  /// Neither a checksum nor an ETag nor a date: what comes after the break may be of another file.
  @Test func withoutAnythingToTellTheFileByItBeginsAgain() throws {
    #expect(try fetch("another", "size=100000&at=40000", sha256: nil) == .fetched(bytes: 100_000))
    #expect(try server.requests(name).map(\.range) == [nil, nil])
    let whole = Download(url: "", path: folder.path("file"), sha256: Self.sha256OfNew)
    #expect(try Checksum.problem(of: whole.path, for: whole) == nil, "half of one file and half of another")
  }
}
