import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct SearchPathTests {
  @Test func optionsComeFirstAndNothingTwice() throws {
    let search = try SearchPath(options: ["/usr", "/usr/../usr", "/etc"])
    #expect(search.folders.prefix(2).map(\.path) == ["/usr", "/etc"])
    #expect(search.folders.prefix(2).allSatisfy { $0.origin == .option && $0.exists })
    #expect(search.folders.contains { $0.origin == .executable })
    #expect(search.folders.last?.path.hasSuffix("/lib/sentry/plugins") == true)
  }

  /// In a process of its own: the environment is everyone's.
  @Test func theWholeOrder() async {
    await #expect(processExitsWith: .success) {
      setenv("SENTRY_PLUGIN_PATH", "/usr/lib:/nonexistent", 1)
      setenv("XDG_DATA_HOME", "/var/data", 1)
      setenv("HOME", "/var/home", 1)
      let own = try #require(Paths.executableFolder)
      let beside = [
        ("\(own)", SearchPath.Origin.executable), ("\(Paths.folder(of: own))/lib/sentry/plugins", .installation),
      ]
      func expect(_ named: [(String, SearchPath.Origin)]) throws {
        let folders = try SearchPath(options: ["/usr", "/etc"]).folders
        #expect(folders.map(\.path) == (named + beside).map(\.0))
        #expect(folders.map(\.origin) == (named + beside).map(\.1))
      }
      let options = [("/usr", SearchPath.Origin.option), ("/etc", .option)]
      let environment = [("/usr/lib", SearchPath.Origin.environment), ("/nonexistent", .environment)]
      try expect(options + environment + [("/var/data/sentry/plugins", .user)])
      unsetenv("XDG_DATA_HOME")
      try expect(options + environment + [("/var/home/.local/share/sentry/plugins", .user)])
      unsetenv("SENTRY_PLUGIN_PATH")
      try expect(options + [("/var/home/.local/share/sentry/plugins", .user)])
    }
  }

  @Test func aFolderThatWasNamedMustBeThere() {
    let error = #expect(throws: PluginError.self) { try SearchPath(options: ["/nonexistent"]) }
    #expect(error?.message.contains("--plugin-dir /nonexistent") == true)
    #expect(throws: PluginError.self) { try SearchPath(options: ["/etc/passwd"]) }
  }

  @Test func besideTheExecutableOnlyLibrariesConcernUs() {
    let beside = SearchPath.Folder(path: "/bin", origin: .executable, exists: true)
    #expect(beside.concerns("libThing.so") && beside.concerns("thing.augmenter.json"))
    #expect(!beside.concerns("sentry") && !beside.concerns("thing.so") && !beside.concerns("libThing.a"))
    #expect(SearchPath.Folder(path: "/p", origin: .user, exists: true).concerns("README"))
  }
}
