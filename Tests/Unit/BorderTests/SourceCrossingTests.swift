import CSentryPlugin
import Testing

@testable import SentryPluginAPI

/// A source that remembers nothing and answers everything.
private struct Ramp: TemplateProviding {
  var entry = CatalogEntry(
    key: "ramp", title: "Ramps", summary: "Made up.", size: "1 kB", licence: "CC0", access: .direct,
    files: [.init(url: "https://example.org/ramp.csv", name: "ramp.csv", bytes: 12, md5: "00")], steps: ["look"],
    bestFor: "tests", dataset: "ramps", prepares: true)
  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    guard raw != "bad" else { throw PluginError.badData("bad, row 3", hint: "mend it") }
    return PreparationReport(output: output, samples: ["train": 3], notes: [raw])
  }
  func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport {
    PreparationReport(output: folder, notes: ["\(seconds)"])
  }
  func checkTemplate(at folder: String) throws -> TemplateCheck { TemplateCheck(problems: [folder], notes: ["n"]) }
}

struct Plain: Preparer {
  var entry = CatalogEntry(
    key: "plain", title: "Plain", summary: "Made up.", access: .manual, bestFor: "tests", dataset: "ramps")
}

@Suite struct SourceCrossingTests {
  @Test func source() throws {
    let there = try ImportedPreparer(adopting: export(Ramp()))
    #expect(there.entry == Ramp().entry)
    #expect(
      try there.prepare("raw", to: "out") == PreparationReport(output: "out", samples: ["train": 3], notes: ["raw"]))
    let error = #expect(throws: PluginError.self) { try there.prepare("bad", to: "out") }
    #expect(error?.code == SENTRY_BAD_DATA && error?.message == "bad, row 3" && error?.hint == "mend it")
    #expect(there.hasTemplate)
    #expect(try there.createTemplate(at: "here", seconds: 2.5) == PreparationReport(output: "here", notes: ["2.5"]))
    #expect(try there.checkTemplate(at: "here") == TemplateCheck(problems: ["here"], notes: ["n"]))
  }

  @Test func whatASourceCannotDoIsSaid() throws {
    let there = try ImportedPreparer(adopting: export(Plain()))
    #expect(!there.hasTemplate)
    let template = #expect(throws: PluginError.self) { try there.createTemplate(at: "here", seconds: 1) }
    #expect(template?.code == SENTRY_UNSUPPORTED)
    let error = #expect(throws: PluginError.self) { try there.prepare("raw", to: "out") }
    #expect(error?.code == SENTRY_UNSUPPORTED && error?.hint?.contains("--dataset ramps --data raw") == true)
  }

  @Test func aShorterStructIsRefused() throws {
    let object = try export(Plain())
    object.pointee.struct_size = UInt32(SENTRY_SOURCE_SIZE_1_0) - 1
    #expect(throws: PluginError.self) { _ = try ImportedPreparer(adopting: object) }
  }

  @Test func anEntryNeedsOnlyWhatItMustHave() throws {
    let text =
      #"{"key":"k","title":"t","summary":"s","access":"google-drive","files":[],"steps":[],"best_for":"b","prepares":false}"#
    let entry = try JSON.decode(CatalogEntry.self, from: text, what: "entry")
    #expect(entry.access == .googleDrive && entry.size == nil && entry.dataset == nil)
  }
}
