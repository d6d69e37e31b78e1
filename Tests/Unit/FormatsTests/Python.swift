import FoundationEssentials
import Glibc
import SentryTestSupport
import Testing

@testable import SentryFormats

/// Runs a real Python beside the tests.
enum Python {
  static let withTorch = PeerPython.interpreter

  static let missing = Comment(rawValue: PeerPython.missing)

  /// What the script prints; nil where it fails.
  static func run(_ script: String, _ arguments: [String], interpreter: String = "/usr/bin/env") throws -> String? {
    let folder = try TemporaryFolder()
    let output = folder.file("output")
    let program = interpreter == "/usr/bin/env" ? [interpreter, "python3"] : [interpreter]
    var pointers: [UnsafeMutablePointer<CChar>?] = (program + ["-c", script] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    var process: pid_t = 0
    guard posix_spawn(&process, interpreter, &actions, nil, &pointers, environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { return nil }
    return String(decoding: try contents(output), as: UTF8.self)
  }
}
