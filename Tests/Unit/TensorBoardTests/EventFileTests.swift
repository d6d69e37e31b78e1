import Glibc
import SentryFormats
import Testing

@testable import SentryExchange

@Suite final class EventFileTests {
  private let folder: String
  init() throws {
    var template = Array("/tmp/sentry-events-XXXXXX".utf8CString)
    folder = try #require(mkdtemp(&template).map { String(cString: $0) })
  }
  deinit {
    for name in names { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private var names: [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if EventFile.isOwn(name) { names.append(name) }
    }
    return names.sorted()
  }

  /// The events of a file, each checked by its checksums.
  private func events(_ path: String) throws -> [Tensorboard_Event] {
    var (bytes, events) = (try WholeFile.bytes(of: path, limit: 1 << 20)[...], [Tensorboard_Event]())
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    while !bytes.isEmpty {
      let length = Int(number(bytes.prefix(8)))
      #expect(number(bytes.dropFirst(8).prefix(4)) == UInt64(CRC32C.masked(bytes.prefix(8))))
      let payload = Array(bytes.dropFirst(12).prefix(length))
      #expect(number(bytes.dropFirst(12 + length).prefix(4)) == UInt64(CRC32C.masked(payload)))
      events.append(try Tensorboard_Event(serializedBytes: payload))
      bytes = bytes.dropFirst(16 + length)
    }
    return events
  }

  @Test func whatIsFlushedCanBeRead() throws {
    let file = try EventFile(in: folder, besides: [], now: { 1_700_000_000.5 })
    #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents.1700000000."))
    try file.add([.scalar(tag: "loss/training", 0.5), .text(tag: "options", "| a |")], step: 3)
    try file.add([], step: 4)
    #expect(try events(file.path).isEmpty)
    try file.flush()
    try file.flush()
    let first = try events(file.path)
    #expect(first.count == 2)
    #expect(first[0].fileVersion == "brain.Event:2" && first[0].wallTime == 1_700_000_000.5)
    #expect(first[1].step == 3 && first[1].summary.value.map(\.tag) == ["loss/training", "options"])
    #expect(first[1].summary.value[0].simpleValue == 0.5)
    #expect(first[1].summary.value[1].metadata.pluginData.pluginName == "text")
    try file.add([.picture(tag: "p", png: [1, 2, 3], width: 20, height: 10)], step: 4)
    try file.flush()
    let image = try #require(try events(file.path).last).summary.value[0].image
    #expect((image.width, image.height, Array(image.encodedImageString)) == (20, 10, [1, 2, 3]))
  }

  /// A file that goes on is read after the others, even where the clock was put back, and says what no longer holds.
  @Test func aFileThatGoesOn() throws {
    for turn in 0..<3 {
      let file = try EventFile(
        in: folder, besides: names, purging: turn == 0 ? nil : turn, now: { 1000 - Double(turn) })
      try file.flush()
      let events = try events(file.path)
      #expect(events.count == (turn == 0 ? 1 : 2))
      #expect(names.last.map { file.path.hasSuffix("/\($0)") } == true, "\(names)")
      if turn > 0 { #expect(events[1].sessionLog.status == .start && events[1].step == Int64(turn)) }
    }
    #expect(names.count == 3)
  }

  @Test func aFolderThatIsGoneIsNamed() {
    let error = #expect(throws: FormatError.self) { _ = try EventFile(in: "\(folder)/gone", besides: []) }
    #expect(error?.code == .cannotWrite && error?.file.hasPrefix("\(folder)/gone/events.out.tfevents.") == true)
  }

  /// RLIMIT_FSIZE stands for the full disk: what was written before stays readable, and nothing half is left.
  @Test func aFullDiskSparesWhatWasThere() async throws {
    await #expect(processExitsWith: .success) { [folder = folder as String] in
      signal(SIGXFSZ, SIG_IGN)
      let file = try GrowingFile(creating: "\(folder)/events.out.tfevents.1.a")
      try file.append([UInt8](repeating: 7, count: 100))
      var limit = rlimit(rlim_cur: 150, rlim_max: 1 << 40)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let error = #expect(throws: FormatError.self) { try file.append([UInt8](repeating: 8, count: 100)) }
      #expect(error?.hint?.contains("ulimit -f") == true)
      #expect(try WholeFile.bytes(of: file.path, limit: 1000) == [UInt8](repeating: 7, count: 100))
    }
  }
}
