import Foundation
import Testing

/// The program in a folder of its own: `bin/sentry`, `plugins/` with the toys, an empty home. What is beside the real
/// program and in the real home has no say.
final class Sandbox: Sendable {
  struct Outcome {
    var status: Int32
    /// By SIGKILL.
    var wasKilled: Bool
    /// By whatever signal, whose number then is the status.
    var wasSignalled = false
    var out, err: String
  }
  let root: String
  /// Where the package lies.
  static let package = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
  static let products =
    ((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
    .split(separator: "/").dropLast().map { "/" + $0 }.joined()

  init(toys: Bool = true) throws {
    root = "/tmp/sentry-command-tests-\(UUID().uuidString)"
    for folder in ["bin", "plugins", "empty", "home", "work"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    // It has 40 MB: a second name where that can be, no copy.
    do { try FileManager.default.linkItem(atPath: "\(Self.products)/sentry", toPath: "\(root)/bin/sentry") } catch {
      try FileManager.default.copyItem(atPath: "\(Self.products)/sentry", toPath: "\(root)/bin/sentry")
    }
    for toy in toys ? ["TestPluginToyA", "TestPluginToyB", "TestPluginStatic"] : [] {
      try FileManager.default.copyItem(
        atPath: "\(Self.products)/lib\(toy).so", toPath: "\(root)/plugins/lib\(toy).so")
    }
  }

  /// With Sentry's own plugins, and with the recipe that trains them where that stands in a file of its own.
  /// - Parameter programs: what else stands beside `sentry`.
  convenience init(plugins: [String], programs: [String] = []) throws {
    try self.init(toys: false)
    for program in programs {
      try FileManager.default.copyItem(atPath: "\(Self.products)/\(program)", toPath: "\(root)/bin/\(program)")
    }
    let recipes = plugins.contains(where: Self.emotionModels.contains) ? ["RecipeEmotion"] : []
    for plugin in plugins + recipes.filter({ !plugins.contains($0) }) {
      try FileManager.default.copyItem(
        atPath: "\(Self.products)/lib\(plugin).so", toPath: "\(root)/plugins/lib\(plugin).so")
    }
  }

  private static let emotionModels: Set = ["EmotionDenseNet", "BackboneMobileNetV3"]

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// - Parameters:
  ///   - program: in the sandbox, or of the system.
  ///   - killedWhen: asked every millisecond, with the number of the process, which gets SIGKILL when it says yes.
  func run(
    _ arguments: [String], program: String = "bin/sentry", environment: [String: String] = [:],
    killedWhen: ((pid_t) -> Bool)? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program.hasPrefix("/") ? program : "\(root)/\(program)")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: "\(root)/work")
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": "\(root)/home"].merging(environment) { $1 }
    let files = ["out", "err"].map { "\(root)/\($0)-\(UUID().uuidString)" }
    for file in files { FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    try process.run()
    if let killedWhen {
      while process.isRunning, !killedWhen(process.processIdentifier) { usleep(1000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    let texts = try files.map {
      try String(contentsOfFile: $0, encoding: .utf8).replacingOccurrences(of: root, with: "ROOT")
    }
    let wasKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    return Outcome(
      status: process.terminationStatus, wasKilled: wasKilled,
      wasSignalled: process.terminationReason == .uncaughtSignal, out: texts[0], err: texts[1])
  }

  /// Whether a command that is under way wrote it to standard error.
  func hasSaid(_ text: String) -> Bool {
    whatWasSaid.contains { (try? String(contentsOfFile: $0, encoding: .utf8))?.contains(text) == true }
  }

  /// For the next command, which may say the same.
  func forgetWhatWasSaid() throws { for file in whatWasSaid { try FileManager.default.removeItem(atPath: file) } }

  private var whatWasSaid: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).filter { $0.hasPrefix("err-") }
      .map { "\(root)/\($0)" }
  }

  /// A file of JSON under work/.
  func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(root)/work/\(path)"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// With what is in `plugins/`.
  func toys(_ arguments: [String]) throws -> Outcome { try run(["--plugin-dir", "\(root)/plugins"] + arguments) }

  /// Compares with Fixtures/`name`; with SENTRY_UPDATE_SNAPSHOTS in the environment, writes it instead.
  static func expect(_ text: String, matches name: String) throws {
    let path = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/\(name)"
    if ProcessInfo.processInfo.environment["SENTRY_UPDATE_SNAPSHOTS"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text == expected,
      "\(name) differs; if that is intended: SENTRY_UPDATE_SNAPSHOTS=1 swift test --filter CommandTests")
  }
}
