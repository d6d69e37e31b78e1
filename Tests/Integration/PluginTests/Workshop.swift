import Foundation
import Testing
@testable import SentryCLI
@testable import SentryRuntime

/// A folder of its own for one test: C plugins are compiled into it, and the cache of probes lies in it.
final class Workshop {
  let root: String

  init() throws {
    let template = Array(("/tmp/sentry-plugin-tests-XXXXXX").utf8CString)
    root = template.withUnsafeBufferPointer { buffer -> String in
      var copy = Array(buffer)
      return mkdtemp(&copy).map { String(cString: $0) } ?? ""
    }
    try #require(!root.isEmpty)
    for folder in ["plugins", "cache"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
  }
  deinit { try? FileManager.default.removeItem(atPath: root) }

  var plugins: String { root + "/plugins" }
  var cache: ProbeCache { ProbeCache(folder: root + "/cache") }

  /// Where SwiftPM put the products: the folder of this test executable.
  static let products = Paths.executableFolder ?? ""
  private static let sources = (#filePath as NSString).deletingLastPathComponent + "/Plugins"
  static let headers =
    (#filePath as NSString).deletingLastPathComponent + "/../../../Sources/CSentryPlugin/include"

  /// Compiles a C file of Plugins/ to `plugins/<name>.so`.
  @discardableResult
  func compile(_ source: String, as name: String? = nil, _ flags: [String] = []) throws -> String {
    let base = ((source as NSString).lastPathComponent as NSString).deletingPathExtension
    let out = "\(plugins)/\(name ?? base).so"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden", "-I", Self.headers]
      + flags + ["\(Self.sources)/\(source)", "-o", out]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "cc could not compile \(source)")
    return out
  }

  /// Copies a built Swift plugin.
  @discardableResult
  func take(_ product: String) throws -> String {
    let name = "lib\(product).so"
    try FileManager.default.copyItem(atPath: "\(Self.products)/\(name)", toPath: "\(plugins)/\(name)")
    return "\(plugins)/\(name)"
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(plugins)/\(name)"))
  }

  /// - Parameter probes: false: probing fails, so that only the cache can know anything.
  func discover(
    fresh: Bool = false, allowUntrusted: Bool = false, timeout: Duration = .seconds(10), probes: Bool = true,
    folders: [String]? = nil, cache: ProbeCache? = nil
  ) -> Discovery {
    let folders = (folders ?? [plugins]).map { SearchPath.Folder(path: $0, origin: .option, exists: true) }
    return Discovery(
      SearchPath(folders: folders), allowUntrusted: allowUntrusted, fresh: fresh,
      probe: Probe(executable: probes ? Self.products + "/sentry" : "/nonexistent", timeout: timeout),
      cache: cache ?? self.cache)
  }
}

extension Discovery {
  func report(_ name: String) throws -> PluginReport { try #require(reports.first { Paths.last($0.file) == name }) }
}
