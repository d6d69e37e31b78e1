import FoundationEssentials
import Glibc
import Testing

@testable import SentryFormats

/// Path of a committed fixture; Fixtures/make_fixtures.py made them.
func fixture(_ name: String, from file: StaticString = #filePath) -> String {
  let folder = "\(file)".split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return "\(folder)/Fixtures/\(name)"
}

func contents(_ path: String) throws -> [UInt8] {
  let file = try InputFile(path)
  return try file.bytes(at: 0, count: file.size)
}

/// A folder that is gone with its object.
final class TemporaryFolder {
  let path: String

  init() throws {
    let template = try #require(strdup("/tmp/sentry-formats-XXXXXX"))
    defer { free(template) }
    path = String(cString: try #require(mkdtemp(template)))
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes without syncing, for the thousands of files that are read once.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    return file(name)
  }

  func file(_ name: String, _ text: String) throws -> String {
    try file(name, Array(text.utf8))
  }

  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// The error that `body` throws, with the code expected of it and a name of the file in it.
@discardableResult
func expectError(
  _ code: FormatError.Code, naming part: String = "", sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) -> FormatError? {
  let error = #expect(throws: FormatError.self, sourceLocation: sourceLocation) { try body() }
  guard let error else { return nil }
  #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
  #expect(part.isEmpty || error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
  return error
}

/// Values as text, tensors with type, shape and elements: equal values and no others have equal texts.
func describe(_ value: PickleValue) throws -> String {
  switch value {
  case .list(let values): return "[" + (try values.map(describe).joined(separator: ", ")) + "]"
  case .tuple(let values): return "(" + (try values.map(describe).joined(separator: ", ")) + ")"
  case .dict(let dictionary):
    let pairs = try dictionary.pairs.map { "\($0.description): \(try describe($1))" }
    return (dictionary.isOrderedDict ? "O" : "") + "{" + pairs.joined(separator: ", ") + "}"
  case .tensor(let tensor): return "\(tensor.dtype)\(tensor.shape)\(try tensor.bytes())"
  default: return "\(value)"
  }
}
