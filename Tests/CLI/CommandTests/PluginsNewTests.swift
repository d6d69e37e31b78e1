import Foundation
import Testing

/// `sentry plugins new`: what it writes is whole, and compiles. That it does what its README says is what `Tests/docs-check.sh` tests.
@Suite struct PluginsNewTests {
  /// By the folders of the templates.
  static let templates: [[String]] = try! FileManager.default.contentsOfDirectory(
    atPath: "\(Sandbox.package)/Templates"
  )
  .filter { $0 != "common" }.sorted().flatMap { kind in
    try FileManager.default.contentsOfDirectory(atPath: "\(Sandbox.package)/Templates/\(kind)").sorted().map {
      [kind, $0]
    }
  }

  private func new(_ arguments: [String], in sandbox: Sandbox, source: String = Sandbox.package) throws
    -> Sandbox.Outcome
  {
    try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "plugins", "new"] + arguments, environment: ["SENTRY_SOURCE": source])
  }

  private func files(of folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  @Test(arguments: templates) func writesAWholePackage(template: [String]) throws {
    let sandbox = try Sandbox(toys: false)
    let outcome = try new([template[0], "my-2nd-one", "--language", template[1]], in: sandbox)
    #expect(outcome.status == 0, "\(outcome.err)")
    let folder = "\(sandbox.root)/work/my-2nd-one"
    let files = try files(of: folder)
    #expect(Set(files).isSuperset(of: ["README.md", ".gitignore"]))
    for file in files {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      for word in ["emplateName", "emplate-name", "emplate_name", "emplateKind", "emplate-kind", "/template/"] {
        #expect(!text.contains(word) && !file.contains(word), "\(file)")
      }
    }
    let build = try String(
      contentsOfFile: "\(folder)/\(template[1] == "swift" ? "Package.swift" : "Makefile")", encoding: .utf8)
    #expect(build.contains(Sandbox.package) && build.contains("\(template[0].capitalized)My2ndOne"))
    // Nothing else is left beside it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work") == ["my-2nd-one"])
  }

  @Test(arguments: templates.filter { $0[1] != "swift" }) func compilesAndIsFound(template: [String]) throws {
    let sandbox = try Sandbox(toys: false)
    #expect(try new([template[0], "mine", "--language", template[1]], in: sandbox).status == 0)
    let folder = "\(sandbox.root)/work/mine"
    let made = try sandbox.run(
      ["-C", folder, "SENTRY=\(sandbox.root)/bin/sentry", "LDFLAGS=-Wl,--fatal-warnings"], program: "/usr/bin/make")
    #expect(made.status == 0 && !made.err.contains("warning"), "\(made.err)")
    let library = try #require(try files(of: folder).first { $0.hasSuffix(".so") })
    let exported = try sandbox.run(["-D", "--defined-only", "\(folder)/\(library)"], program: "/usr/bin/nm")
    #expect(exported.out.split(separator: "\n").map { $0.split(separator: " ").last } == ["sentry_plugin_entry_v1"])
    let found = try sandbox.run(["--plugin-dir", folder, "plugins", "inspect", "mine"])
    #expect(found.status == 0 && found.out.contains("\(template[0]) mine"), "\(found.out)\(found.err)")
    let again = try sandbox.run(
      ["--plugin-dir", folder, "plugins", "new", template[0], "mine", "--path", "other"],
      environment: ["SENTRY_SOURCE": Sandbox.package])
    #expect(again.status == 64 && again.err.contains("there is a \(template[0]) 'mine' already"), "\(again.err)")
  }

  @Test(arguments: [
    "", "Upper", "9a", "a--b", "a-", "ä", "../x", "a/b", "a b", "a_b", "a\u{1B}[31m", String(repeating: "a", count: 41),
  ])
  func refusesNames(name: String) throws {
    let sandbox = try Sandbox(toys: false)
    let outcome = try new(["dataset", name], in: sandbox)
    #expect(outcome.status == 64 && outcome.err.contains("is no name for a component"), "\(outcome.err)")
    #expect(!outcome.err.contains("\u{1B}"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work").isEmpty)
  }

  @Test func refusesWhatIsThere() throws {
    let sandbox = try Sandbox(toys: false)
    let folder = "\(sandbox.root)/work/mine"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let outcome = try new(["dataset", "mine"], in: sandbox)
    #expect(outcome.status == 64 && outcome.err.contains("mine exists already"), "\(outcome.err)")
    #expect(try files(of: folder).isEmpty)
    #expect(try new(["dataset", "mine", "--path", "deep/er/"], in: sandbox).status == 0)
    #expect(try files(of: "\(sandbox.root)/work/deep/er").contains("Package.swift"))
  }

  @Test func saysWhatThereIsNot() throws {
    let sandbox = try Sandbox(toys: false)
    let language = try new(["trainer", "mine", "--language", "c"], in: sandbox)
    #expect(language.status == 64 && language.err.contains("--language swift"), "\(language.err)")
    let source = try new(["dataset", "mine"], in: sandbox, source: "/nonexistent")
    #expect(source.status == 64 && source.err.contains("SENTRY_SOURCE is /nonexistent"), "\(source.err)")
    // This program is in no checkout and no installation.
    let lost = try sandbox.run(["plugins", "new", "dataset", "mine"])
    #expect(lost.status == 1 && lost.err.contains("SENTRY_SOURCE"), "\(lost.err)")
    let place = try new(["dataset", "mine", "--path", "/proc/nothing/mine"], in: sandbox)
    #expect(place.status == 1 && place.err.contains("/proc/nothing"), "\(place.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work").isEmpty)
  }
}
