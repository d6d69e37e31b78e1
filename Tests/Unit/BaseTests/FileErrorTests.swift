import CSentryPlugin
import Glibc
import SentryBase
import Testing

@testable import SentryPluginAPI

@Suite("Errors of files")
struct FileErrorTests {
  @Test(
    "A file's failure keeps file, place and hint across the border",
    arguments: [
      (FormatError.Code.cannotOpen, SENTRY_INVALID), (.cannotWrite, SENTRY_FAILED), (.cannotRead, SENTRY_BAD_DATA),
      (.malformed, SENTRY_BAD_DATA), (.tooLarge, SENTRY_BAD_DATA),
    ])
  func mapping(code: FormatError.Code, status: Int32) {
    let error = #expect(throws: PluginError.self) {
      try mappingFormatErrors { throw FormatError(code, file: "a.csv", place: "row 3", "is torn", hint: "mend it") }
    }
    #expect(error?.code == status)
    #expect(error?.message == "a.csv: row 3: is torn")
    #expect(error?.hint == "mend it")
  }

  @Test("What the system refused says what to do where the number tells")
  func system() {
    #expect(PluginError.system("/a", "cannot be read", SystemError(EIO)).hint == nil)
    #expect(PluginError.system("/a", "cannot be read", SystemError(EACCES)).hint == "check the permissions")
    let full = PluginError.system("/a", "cannot be written", SystemError(ENOSPC), whenFull: "call for help")
    #expect(full.message == "/a: cannot be written: No space left on device")
    #expect(full.hint == "call for help")
  }

  @Test(
    "A path's folder and last component",
    arguments: [("a/b", "a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("/a/b/c.npy", "/a/b", "c.npy")])
  func paths(path: String, folder: String, last: String) {
    #expect(Paths.folder(of: path) == folder)
    #expect(Paths.last(path) == last)
  }
}
