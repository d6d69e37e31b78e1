import Foundation
import SentryTestSupport
import Testing

/// Every plugin of the project passes `sentry plugins check` at strictness 5.
@Suite struct ProjectPluginsTests {
  /// Those that SwiftPM builds.
  static let plugins = ((try? FileManager.default.contentsOfDirectory(atPath: Sandbox.package + "/Plugins")) ?? [])
    .filter { $0 != "BackboneLibTorch" }.sorted()

  @Test(arguments: plugins) func passesAtFive(plugin: String) throws {
    let sandbox = try Sandbox(plugins: [plugin])
    let file = "\(sandbox.root)/plugins/lib\(plugin).so"
    let tree: TestTree? =
      switch plugin {
      case "DatasetFER2013": try .fer2013()
      case "DatasetAffectNet": try .affectNet()
      default: nil
      }
    // The limit is for a check that hangs: a machine that runs many tests at once is slow, and not at fault.
    let outcome = try sandbox.run(
      ["plugins", "check", file, "--strictness", "5", "--seed", "3", "--timeout", "1200"]
        + (tree.map { ["--data", $0.path] } ?? []))
    #expect(outcome.status == 0, "\(outcome.out)\(outcome.err)")
    // What is skipped for want of data is skipped whole; with data, nothing may be.
    if tree != nil { #expect(!outcome.out.contains("needs data"), "\(outcome.out)") }
  }

  @Test func thereArePlugins() { #expect(Self.plugins.count > 15) }
}
