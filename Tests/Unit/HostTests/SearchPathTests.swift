import Foundation
import SentryPluginAPI
import Testing

@testable import SentryHost

@Suite struct SearchPathTests {
  @Test func optionsComeFirstAndNothingTwice() throws {
    let search = try SearchPath(options: ["/usr", "/usr/../usr", "/etc"])
    #expect(search.folders.prefix(2).map(\.path) == ["/usr", "/etc"])
    #expect(search.folders.prefix(2).allSatisfy { $0.origin == .option && $0.exists })
    #expect(search.folders.contains { $0.origin == .executable })
    #expect(search.folders.last?.path.hasSuffix("/lib/sentry/plugins") == true)
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
