import Foundation
import Testing

/// Examples/ForeignNoise through the real program: a C library that knows nothing of Sentry augments a training.
@Suite struct ForeignAugmenterTests {
  private static let example = (#filePath as NSString).deletingLastPathComponent + "/../../../Examples/ForeignNoise"

  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox(plugins: ["PostureTCNLSTM", "DatasetSyntheticPosture", "TrainerSupervised"])
    try compile("\(Self.example)/noise.c", to: "\(sandbox.root)/plugins/libnoise.so")
    try FileManager.default.copyItem(
      atPath: "\(Self.example)/noise.augmenter.json", toPath: "\(sandbox.root)/plugins/noise.augmenter.json")
    return sandbox
  }

  private func compile(_ source: String, to library: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", source, "-o", library,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "cc could not compile \(source)")
  }

  private func train(_ sandbox: Sandbox, _ output: String, augmenter: String = "noise", _ more: [String] = []) throws
    -> Sandbox.Outcome
  {
    try sandbox.toys(
      [
        "train", "posture", "--dataset", "synthetic-posture", "--augmenter", augmenter, "--output", output, "--epochs",
        "1", "--threads", "2", "--set", "dataset.count=64", "--set", "dataset.validation-count=24",
      ] + more)
  }

  private func bytes(_ sandbox: Sandbox, _ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\(path)"))
  }

  private func json(_ sandbox: Sandbox, _ path: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: try bytes(sandbox, path)) as? [String: Any])
  }

  @Test func itTrainsWithTheSameBytesOnAnyNumberOfWorkers() throws {
    let sandbox = try sandbox()
    for workers in ["0", "1", "4"] {
      let outcome = try train(sandbox, "w\(workers)", ["--workers", workers])
      #expect(outcome.status == 0, "\(outcome.err)")
    }
    #expect(try train(sandbox, "weak", ["--set", "augmenter.strength=0"]).status == 0)
    #expect(try train(sandbox, "none", augmenter: "none").status == 0)
    for file in ["history.json", "final_model.pth"] {
      let reference = try bytes(sandbox, "w0/\(file)")
      #expect(try bytes(sandbox, "w1/\(file)") == reference && bytes(sandbox, "w4/\(file)") == reference)
    }
    let history = try bytes(sandbox, "w0/history.json")
    #expect(try bytes(sandbox, "none/history.json") != history)
    #expect(try bytes(sandbox, "none/history.json") == bytes(sandbox, "weak/history.json"), "no noise is no change")
  }

  @Test func theRunRecordsManifestAndLibrary() throws {
    let sandbox = try sandbox()
    #expect(try train(sandbox, "run").status == 0)
    let plugin = try #require(
      (try json(sandbox, "run/run.json")["plugins"] as? [String: Any])?["noise"] as? [String: Any])
    let library = try #require(plugin["library"] as? [String: Any])
    #expect(plugin["version"] as? String == "1.0.0" && library["name"] as? String == "libnoise.so")
    #expect((library["file"] as? String)?.hasSuffix("/plugins/libnoise.so") == true)
    let hashes = [plugin, library].map { $0["sha256"] as? String ?? "" }
    #expect(hashes.allSatisfy { $0.count == 64 } && hashes[0] != hashes[1])
    let report = try String(contentsOfFile: "\(sandbox.root)/work/run/report.html", encoding: .utf8)
    for hash in hashes { #expect(report.contains(hash)) }

    let evaluated = try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--output", "evaluated"])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    // Another library under the same manifest goes on with a word of warning.
    let go = ["train", "--resume", "run"]
    #expect(try !sandbox.toys(go).err.contains("has changed since the run began"))
    let text = try String(contentsOfFile: "\(Self.example)/noise.c", encoding: .utf8)
    try text.replacing("return 1;", with: "return 2;").write(
      toFile: "\(sandbox.root)/work/noise.c", atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: "\(sandbox.root)/plugins/libnoise.so")
    try compile("\(sandbox.root)/work/noise.c", to: "\(sandbox.root)/plugins/libnoise.so")
    #expect(try sandbox.toys(go).err.contains("the plugin noise has changed since the run began"))
  }

  @Test func itsOptionsAreDocumentedAndChecked() throws {
    let sandbox = try sandbox()
    let shown = try sandbox.toys(["plugins", "inspect", "noise"])
    #expect(shown.status == 0)
    for piece in [
      "augmenter noise", "augmenter.strength", "number ≥ 0 ≤ 1", "0.1", "The largest change of a value.", "noise 1.0.0",
      "ROOT/plugins/noise.augmenter.json", "ROOT/plugins/libnoise.so, sha256",
    ] { #expect(shown.out.contains(piece), "'\(piece)' in:\n\(shown.out)") }
    for (setting, piece) in [
      ("augmenter.strength=2", "augmenter.strength is 2 but must be at most 1"),
      ("augmenter.strenght=1", "did you mean 'strength'?"), ("augmenter.input={}", "filled in by the host"),
    ] {
      let outcome = try train(sandbox, "run", ["--set", setting])
      #expect(outcome.status == 64 && outcome.err.contains(piece), "\(outcome.err)")
    }
  }

  @Test func whatIsWrongIsListedAndTakesNothingElseDown() throws {
    let sandbox = try sandbox()
    let plugins = "\(sandbox.root)/plugins"
    let whole = try String(contentsOfFile: "\(plugins)/noise.augmenter.json", encoding: .utf8)
    func write(_ name: String, _ old: String, _ new: String) throws {
      let text = whole.replacing(old, with: new).replacing("\"name\": \"noise\"", with: "\"name\": \"\(name)\"")
      try text.write(toFile: "\(plugins)/\(name).augmenter.json", atomically: true, encoding: .utf8)
    }
    try write("silent", "add_noise", "add_nosie")
    try write("crashing", "libnoise.so", "libcrash.so")
    let source = "\(sandbox.root)/work/crash.c"
    try "__attribute__((constructor)) static void crash(void) { __builtin_trap(); }\n".write(
      toFile: source, atomically: true, encoding: .utf8)
    try compile(source, to: "\(plugins)/libcrash.so")
    let listed = try sandbox.toys(["plugins", "list"])
    #expect(listed.status == 0)
    for piece in [
      "noise.augmenter.json: usable, noise 1.0.0\n    augmenter noise",
      "libnoise.so: ignored, the library that noise.augmenter.json calls",
      "silent.augmenter.json: refused, 'symbol' is 'add_nosie', which ROOT/plugins/libnoise.so does not have (nm -D",
      "crashing.augmenter.json: quarantined, it crashed while loading (SIG",
    ] { #expect(listed.out.contains(piece), "'\(piece)' in:\n\(listed.out)") }
    let refused = try train(sandbox, "run", augmenter: "crashing")
    #expect(refused.status == 1 && refused.err.contains("crashing.augmenter.json: quarantined"), "\(refused.err)")
    #expect(try train(sandbox, "run").status == 0)
  }
}
