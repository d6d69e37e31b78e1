import Foundation
import Testing

/// `sentry models`, and what a component gets that needs a file. TestPluginFiles asks for the files, Fixtures/index.py has them.
@Suite struct ModelsTests {
  private let sandbox: Sandbox
  private static let store = "home/.local/share/sentry/models"
  private static let first = "\(store)/24610f5f09fdd571/first.bin"
  private static let second = "\(store)/66269b19b6d3c1ec/second.bin"

  init() throws { sandbox = try Sandbox(plugins: ["TestPluginFiles"]) }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(sandbox.root)/\(path)") }

  /// All that is in the store but its lock, relative to it.
  private var stored: [String] {
    let all =
      FileManager.default.enumerator(atPath: "\(sandbox.root)/\(Self.store)")?.compactMap { $0 as? String } ?? []
    return all.filter { $0 != ".lock" && $0.contains("/") }.sorted()
  }

  private func get(_ words: String..., index: String? = nil) throws -> Sandbox.Outcome {
    try sandbox.toys(["models", "get"] + words + (index.map { ["--index", $0] } ?? []))
  }

  /// A wheel and the files themselves under work/NAME.
  private func write(_ mode: String, to name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let here = (#filePath as NSString).deletingLastPathComponent
    process.arguments = [
      "python3", "-B", "\(here)/Fixtures/index.py", "write", mode, "\(sandbox.root)/work/\(name)",
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private static let wheel = "toy_weights-1.0-cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"

  @Test func anIndexGivesTheFilesAndAComponentGetsTheirPaths() throws {
    let server = try LocalServer("Fixtures/index.py")
    let before = try sandbox.toys(["data", "check", ".", "--dataset", "toy-filed"])
    #expect(before.status == 1)
    #expect(before.err.contains("dataset 'toy-filed': its file first.bin is not installed"), "\(before.err)")
    #expect(
      before.err.contains(
        "sentry models get toys installs it, or --set dataset.first-file=PATH names another"), "\(before.err)")

    let outcome = try get("toys", index: "\(server.base)/good/simple")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("ROOT/\(Self.first): 140.0 kB, SHA-256 verified, licence CC0-1.0"), "\(outcome.out)")
    #expect(outcome.out.contains("ROOT/\(Self.second): 15 bytes, SHA-256 verified"))
    #expect(stored == ["24610f5f09fdd571/first.bin", "66269b19b6d3c1ec/second.bin"])

    let after = try sandbox.toys(["data", "check", ".", "--dataset", "toy-filed", "--samples-only"])
    #expect(!after.err.contains("not installed") && after.status == 0, "\(after.out)\(after.err)")
    let again = try get("toys", index: "\(server.base)/down/simple")
    #expect(again.status == 0 && again.out.contains("first.bin: already installed in ROOT/"), "\(again.err)")
  }

  @Test func theListTellsWhatIsThere() throws {
    let empty = try sandbox.toys(["models"])
    #expect(empty.status == 0 && empty.out.contains("sentry models get own toys installs what is missing"))
    try write("good", to: "given")
    _ = try get("first.bin", "--from", "given")
    let text = try sandbox.toys(["models", "list"]).out
    #expect(text.contains(#/toys +first.bin +140.0 kB +installed +dataset toy-filed/#), "\(text)")
    #expect(text.contains(#/toys +second.bin +15 bytes +missing +dataset toy-filed/#), "\(text)")
    let json = try sandbox.toys(["models", "list", "--json"]).out
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let files = try #require(object["files"] as? [[String: Any]])
    #expect(files.map { $0["state"] as? String } == ["missing", "installed", "missing"])
    #expect((files[1]["components"] as? [[String: String]])?.first?["option"] == "first-file")
    #expect((files[1]["package"] as? [String: String])?["member"] == "toy_weights/data/first.bin")
    let doctor = try sandbox.toys(["doctor"]).out
    #expect(doctor.contains("model files in ROOT/\(Self.store)") && doctor.contains(#/second.bin +missing/#))
    let inspect = try sandbox.toys(["plugins", "inspect", "toy-filed"]).out
    #expect(inspect.contains(#/dataset.first-file +path +installed first.bin +The larger file./#), "\(inspect)")
  }

  /// One that changed since is told as such wherever it is looked at, and is installed again.
  @Test func aDamagedFileIsToldAndReplaced() throws {
    try write("good", to: "given")
    #expect(try get("all", "--from", "given").status == 0)
    let path = "\(sandbox.root)/\(Self.second)"
    for content in ["short", "Second weights\n"] {
      try Data(content.utf8).write(to: URL(fileURLWithPath: path))
      #expect(try sandbox.toys(["models"]).out.contains(#/second.bin +15 bytes +damaged: its? /#))
      let use = try sandbox.toys(["data", "check", ".", "--dataset", "toy-filed"])
      #expect(use.status == 1 && use.err.contains("its file second.bin is damaged"), "\(use.err)")
    }
    #expect(try get("toys", "--from", "given").status == 0)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "second weights\n")
  }

  /// A path of the user's is used as it is, even where the file is not installed.
  @Test func anOptionNamesAnotherFile() throws {
    try Data("another".utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/work/mine"))
    let outcome = try sandbox.toys([
      "data", "check", ".", "--dataset", "toy-owned", "--samples-only", "--set", "file=mine",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    let missing = try sandbox.toys(["data", "check", ".", "--dataset", "toy-owned"])
    #expect(missing.err.contains("its file own.bin is not installed"), "\(missing.err)")
    let get = try get("own")
    #expect(get.status == 1 && get.err.contains("own.bin is not published in a package"), "\(get.err)")
    #expect(get.err.contains("sentry models get own.bin --from FILE"))
  }

  @Test(arguments: ["--model-dir", "SENTRY_MODEL_DIR"]) func theStoreCanBeElsewhere(by way: String) throws {
    try write("good", to: "given")
    let option = way.hasPrefix("--") ? [way, "elsewhere"] : []
    let environment = way.hasPrefix("--") ? [:] : [way: "elsewhere"]
    let start = ["--plugin-dir", "\(sandbox.root)/plugins"] + option
    let get = try sandbox.run(start + ["models", "get", "toy-filed", "--from", "given"], environment: environment)
    #expect(get.status == 0, "\(get.err)")
    #expect(exists("work/elsewhere/24610f5f09fdd571/first.bin") && !exists(Self.store))
    let check = start + ["data", "check", ".", "--dataset", "toy-filed", "--samples-only"]
    #expect(try sandbox.run(check, environment: environment).status == 0)
  }

  @Test func fromTakesWheelsFilesAndFolders() throws {
    try write("good", to: "given")
    #expect(try get("toys", "--from", "given/\(Self.wheel)").status == 0)
    #expect(stored.count == 2)
    // An installed package: the files at their places in it.
    let package = "\(sandbox.root)/work/site/toy_weights/data"
    try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
    for (name, place) in [("first", Self.first), ("second", Self.second)] {
      try FileManager.default.moveItem(atPath: "\(sandbox.root)/\(place)", toPath: "\(package)/\(name).bin")
    }
    #expect(try get("toys", "--from", "site").status == 0)
    // Under another name, and by a link as in caches: a copy is installed.
    try FileManager.default.removeItem(atPath: "\(sandbox.root)/\(Self.first)")
    try FileManager.default.createSymbolicLink(
      atPath: "\(sandbox.root)/work/blob", withDestinationPath: "\(package)/first.bin")
    #expect(try get("toys", "--from", "blob").status == 0)
    var info = stat()
    #expect(lstat("\(sandbox.root)/\(Self.first)", &info) == 0 && info.st_mode & S_IFMT == S_IFREG)
  }

  @Test(arguments: [
    ("truncated", "the zip file has no end"), ("nomember", "second.bin is not in what --from names"),
    ("other", "second.bin in given/\(wheel) is not the right second.bin: it has the SHA-256"),
  ]) func aWheelThatIsNotRightInstallsNothingOfIt(mode: String, message: String) throws {
    try write(mode, to: "given")
    let outcome = try get("toys", "--from", "given/\(Self.wheel)")
    #expect(outcome.status == 1 && outcome.err.contains(message), "\(outcome.err)")
    #expect(
      outcome.err.contains("fetch") || outcome.err.contains("pip download --no-deps"), "a way out: \(outcome.err)")
    #expect(!exists(Self.second) && stored.filter { $0.contains(".tmp") } == [])
  }

  /// What is no file is not read, what is a wrong one is not installed; neither is waited for.
  @Test func placesThatAreNoFilesAreRefused() throws {
    let folder = "\(sandbox.root)/work/given"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(mkfifo("\(folder)/first.bin", 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/second.bin", withDestinationPath: "/dev/zero")
    let outcome = try get("toys", "--from", "given")
    #expect(outcome.status == 1 && outcome.err.contains("first.bin is not in what --from names"), "\(outcome.err)")
    #expect(outcome.err.contains("second.bin"))
    let fifo = try get("toys", "--from", "given/first.bin")
    #expect(fifo.status == 64 && fifo.err.contains("is not a regular file"), "\(fifo.err)")
    try FileManager.default.removeItem(atPath: "\(folder)/second.bin")
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/second.bin", withDestinationPath: "/etc/passwd")
    let link = try get("second.bin", "--from", "given")
    #expect(link.status == 1 && link.err.contains("is not the right second.bin"), "\(link.err)")
    #expect(stored == ["66269b19b6d3c1ec"].filter { _ in false })
    #expect(try get("toys", "--from", "nowhere").status == 64)
  }

  @Test(arguments: [
    ("badhash", "its SHA-256 is"), ("truncated", "the zip file has no end"),
    ("nomember", "holds no toy_weights/data/second.bin"),
    ("other", "is not the right second.bin"), ("empty", "has no wheel of toy-weights 1.0"),
    ("down", "the server answered 503"),
    ("404/else", "the server answered 404"),
  ]) func anIndexThatFailsSaysHow(mode: String, message: String) throws {
    let server = try LocalServer("Fixtures/index.py")
    let outcome = try get("toys", index: "\(server.base)/\(mode)/simple")
    #expect(outcome.status == 1 && outcome.err.contains(message), "\(outcome.err)")
    #expect(!exists(Self.second) && stored.filter { $0.hasSuffix(".whl") } == [], "\(stored)")
  }

  /// Without network: both ways out, as they are typed.
  @Test func withoutNetworkThePipCommandIsTold() throws {
    let outcome = try get("toys", index: "http://127.0.0.1:9/simple")
    #expect(outcome.status == 1 && outcome.err.contains("the connection failed"), "\(outcome.err)")
    #expect(
      outcome.err.contains(
        "run 'pip download --no-deps --only-binary=:all: --python-version 3.11 toy-weights==1.0' where there is network, "
          + "and then 'sentry models get toys --from FILE.whl'"), "\(outcome.err)")
  }

  @Test func twoAtOnceBothEndWell() throws {
    let server = try LocalServer("Fixtures/index.py")
    let index = ["--index", "\(server.base)/slow/simple"]
    let both = (0..<2).map { _ in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "\(sandbox.root)/bin/sentry")
      process.environment = ["HOME": "\(sandbox.root)/home"]
      process.arguments = ["--plugin-dir", "\(sandbox.root)/plugins", "models", "get", "toys"] + index
      process.standardOutput = FileHandle.nullDevice
      return process
    }
    for process in both { try process.run() }
    for process in both { process.waitUntilExit() }
    #expect(both.map(\.terminationStatus) == [0, 0])
    #expect(stored == ["24610f5f09fdd571/first.bin", "66269b19b6d3c1ec/second.bin"])
    #expect(try server.text("slow/count") == "1", "the second waits and finds the files")
  }

  @Test func ctrlCKeepsThePartAndTheNextCommandGoesOn() throws {
    let server = try LocalServer("Fixtures/index.py")
    let arguments = ["models", "get", "toys", "--index", "\(server.base)/stall/simple"]
    let part = "\(Self.store)/.downloads/toy-weights-1.0.whl.part"
    var sent = false
    let began = Date()
    let stopped = try sandbox.run(["--plugin-dir", "\(sandbox.root)/plugins"] + arguments) { process in
      let size = (try? FileManager.default.attributesOfItem(atPath: "\(sandbox.root)/\(part)"))?[.size] as? Int ?? 0
      if size == 50_000, !sent {
        kill(process, SIGINT)
        sent = true
      }
      return Date().timeIntervalSince(began) > 60
    }
    #expect(stopped.status == 130 && stopped.err.contains("50.0 kB are kept"), "\(stopped.err)")
    #expect(!exists(Self.first))
    let again = try sandbox.toys(arguments)
    #expect(again.status == 0 && again.err.contains("going on at 50.0 kB"), "\(again.err)")
    #expect(stored == ["24610f5f09fdd571/first.bin", "66269b19b6d3c1ec/second.bin"])
  }

  /// RLIMIT_FSIZE stands for the full disk.
  @Test func aFullDiskLeavesNothingHalf() throws {
    try write("good", to: "given")
    let outcome = try sandbox.run(
      [
        "-c", "ulimit -f 8; exec \"$0\" \"$@\"", "\(sandbox.root)/bin/sentry", "--plugin-dir",
        "\(sandbox.root)/plugins",
        "models", "get", "first.bin", "--from", "given",
      ], program: "../../bin/bash")
    #expect(outcome.status == 1 && outcome.err.contains("File too large"), "\(outcome.err)")
    #expect(stored == [], "\(stored)")
  }

  @Test func aWordThatMeansNothingIsRefused() throws {
    let near = try get("toyz")
    #expect(near.status == 64 && near.err.contains("did you mean 'toys'?"), "\(near.err)")
    #expect(try get("elephants").err.contains("there are: all, own, toys"))
    let password = try get("toys", index: "https://me:secret@example.org/simple")
    #expect(password.status == 64 && !password.err.contains("secret"), "\(password.err)")
    let other = try Sandbox().toys(["models", "get", "all"])
    #expect(other.status == 1 && other.err.contains("no plugin asks for a model file"), "\(other.err)")
  }
}
