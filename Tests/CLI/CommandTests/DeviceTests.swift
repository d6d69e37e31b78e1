import Foundation
import Testing

/// Which model a run trains and where, with devices that a variable pretends.
@Suite struct DeviceTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    try FileManager.default.copyItem(
      atPath: "\(Sandbox.products)/libTestPluginDevices.so", toPath: "\(sandbox.root)/plugins/libTestPluginDevices.so")
  }

  private func run(_ arguments: [String], devices: String = "") throws -> Sandbox.Outcome {
    try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins"] + arguments, environment: ["SENTRY_TEST_DEVICES": devices])
  }

  /// A run of one epoch, and what run.json says of its model and its session.
  private func train(_ more: [String], recipe: String = "toy-devices", devices: String = "") throws -> (
    model: String, device: String?, err: String
  ) {
    let outcome = try run(["train", recipe, "--output", "run", "--overwrite"] + more, devices: devices)
    try #require(outcome.status == 0, "\(outcome.err)")
    let record = try sandbox.json("run/run.json")
    let plan = try #require(record["plan"] as? [String: Any])
    let model = try #require(plan["model"] as? [String: Any])
    // Where a model computes is no property of it.
    if model["name"] as? String == "toy-linear-cuda" {
      #expect((model["options"] as? [String: Any])?["device"] == nil)
    }
    let sessions = try #require(record["sessions"] as? [[String: Any]])
    return (try #require(model["name"] as? String), sessions.last?["device"] as? String, outcome.err)
  }

  @Test func withoutADeviceTheRecipesOwnModelIsTrainedAndNothingIsSaid() throws {
    let listed = try train([])
    #expect(listed.model == "toy-linear" && listed.device == nil)
    let plain = try run(["train", "toy", "--epochs", "1", "--output", "plain"])
    #expect(!listed.err.contains("device") && !plain.err.contains("device"), "\(listed.err)")
    // Bytes, too: the recipes differ in nothing else.
    let files = ["run", "plain"].map { "\(sandbox.root)/work/\($0)/history.json" }
    #expect(FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]))
  }

  @Test func withADeviceTheFirstThatWorksOnIt() throws {
    let auto = try train([], devices: "cuda:0")
    #expect(auto.model == "toy-linear-cuda" && auto.device == "cuda:0 Pretender 100")
    let line =
      "the run trains toy-linear-cuda (test-devices 1.0.0) on cuda:0 Pretender 100, tf32: the first model of the recipe 'toy-devices' that works on a device other than the CPU"
    #expect(auto.err.contains(line), "\(auto.err)")
    // The list need not hold the recipe's own model.
    #expect(try train([], recipe: "toy-unlisted").model == "toy-linear")
    #expect(try train([], recipe: "toy-unlisted", devices: "cuda:0").model == "toy-linear-cuda")
  }

  @Test func whatIsNamedWins() throws {
    let named = try train(["--model", "toy-linear"], devices: "cuda:0")
    #expect(named.model == "toy-linear" && named.device == nil)
    let cpu = try train(["--model", "toy-linear-cuda", "--cpu"], devices: "cuda:0")
    #expect(cpu.model == "toy-linear-cuda" && cpu.device == "cpu")
    #expect(cpu.err.contains("the run computes on the CPU, as --cpu requires"))
    let onCPU = try train(["--device", "cpu"], devices: "cuda:0")
    #expect(onCPU.model == "toy-linear" && onCPU.err.contains("as --device cpu requires"))
    let second = try train(["--device", "cuda:1"], devices: "cuda:0 cuda:1")
    #expect(second.device == "cuda:1 Pretender 100")
    try Data("run: {device: cuda:1}\n".utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/work/gpu.yaml"))
    #expect(try train(["--config", "gpu.yaml"], devices: "cuda:0 cuda:1").device == "cuda:1 Pretender 100")
    #expect(try train(["--config", "gpu.yaml", "--cpu"], devices: "cuda:0 cuda:1").model == "toy-linear")
  }

  /// A model that lacks an option that was set is passed over.
  @Test func whatDoesNotTakeTheOptionsIsPassedOver() throws {
    #expect(try train(["--claimed", "1"], devices: "cuda:0").model == "toy-linear")
    #expect(try train(["--set", "model.device=1"], devices: "cuda:0").model == "toy-linear")
    #expect(try train(["--precision", "f32"], devices: "cuda:0").model == "toy-linear-cuda")
    let outcome = try run(["train", "toy-devices", "--claimed", "1", "--device", "cuda"], devices: "cuda:0")
    #expect(outcome.status == 64 && outcome.err.contains("model 'toy-linear-cuda': it does not take --claimed"))
  }

  @Test func anErrorNamesEachCandidateAndItsReason() throws {
    let outcome = try run(["train", "toy-devices", "--device", "cuda"])
    #expect(outcome.status == 64)
    for piece in [
      "--device cuda: no model of the run works on it", "model 'toy-absent': it is not installed",
      "model 'toy-linear-cuda': no such device is pretended (set SENTRY_TEST_DEVICES)",
      "model 'toy-linear': there is no cuda (build one)",
    ] { #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)") }
    let one = try run(["train", "toy-devices", "--model", "toy-linear", "--device", "cuda:0"], devices: "cuda:0")
    #expect(one.status == 64 && one.err.contains("model 'toy-linear': there is no cuda:0"), "\(one.err)")
    let plain = try run(["train", "toy-devices", "--model", "toy-double", "--device", "cuda"], devices: "cuda:0")
    #expect(plain.status == 64 && plain.err.contains("model 'toy-double': it computes on the CPU only"), "\(plain.err)")
    #expect(!one.err.contains("toy-linear-cuda"))
    for wrong in [["--device", "gpu"], ["--cpu", "--device", "cuda"]] {
      #expect(try run(["train", "toy-devices"] + wrong).status == 64)
    }
  }

  /// A driver may end the process that asks it.
  @Test func aCrashWhileAskingShutsNobodyOut() throws {
    let auto = try train([], devices: "crash")
    #expect(auto.model == "toy-linear")
    let doctor = try run(["doctor"], devices: "crash")
    #expect(doctor.status == 0 && doctor.out.contains("libTestPluginDevices.so: usable"), "\(doctor.out)")
    #expect(doctor.out.contains("none; its plugin did not answer when it was asked for its devices"), "\(doctor.out)")
    #expect(try run(["plugins", "list"]).out.contains("toy-linear-cuda"))
  }

  /// One that cannot even be asked is passed over like one that says no.
  @Test func aBrokenDriverIsNamedAndTheOthersAreAsked() throws {
    #expect(try train([], devices: "broken").model == "toy-linear")
    let outcome = try run(["train", "toy-devices", "--device", "cuda"], devices: "broken")
    #expect(outcome.status == 64)
    for piece in [
      "model 'toy-linear-cuda': the driver does not answer", "model 'toy-linear': there is no cuda (build one)",
    ] { #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)") }
  }

  @Test func aRunGoesOnElsewhere() throws {
    let first = try train(["--epochs", "2"], devices: "cuda:0")
    #expect(first.device == "cuda:0 Pretender 100")
    let resumed = try run(["train", "--resume", "run", "--cpu"])
    #expect(resumed.status == 0, "\(resumed.err)")
    let moved = "the run computed on cuda:0 Pretender 100, tf32 and goes on on cpu, f32"
    #expect((resumed.out + resumed.err).contains(moved), "\(resumed.err)")
    let sessions = try #require(try sandbox.json("run/run.json")["sessions"] as? [[String: Any]])
    #expect(sessions.map { $0["device"] as? String } == ["cuda:0 Pretender 100", "cpu"])
    #expect(sessions.map { $0["precision"] as? String } == ["tf32", "f32"])
    // Nothing but the CPU is there: a run that began with auto goes on.
    #expect(try run(["train", "--resume", "run"]).status == 0)
    let absent = try run(["train", "--resume", "run", "--device", "cuda"])
    #expect(absent.status != 0 && absent.err.contains("no such device is pretended"), "\(absent.err)")
  }

  @Test func theDeviceIsTold() throws {
    _ = try train([], devices: "cuda:0")
    let checkpoint = "run/best_model.pth"
    let inspected = try run(["inspect", checkpoint]).out
    #expect(inspected.contains("cuda:0 Pretender 100") && inspected.contains("precision"), "\(inspected)")
    let page = try String(contentsOfFile: "\(sandbox.root)/work/run/report.html", encoding: .utf8)
    #expect(page.contains("cuda:0 Pretender 100") && page.contains("tf32"))
    _ = try run(["train", "toy-devices", "--output", "other"])
    let compared = try run(["runs", "compare", "run", "other"])
    #expect(compared.status == 0)
    for piece in [
      "the models computed on different devices (cuda:0 Pretender 100; the CPU)", "different precisions",
      "cuda:0 Pretender 100, tf32",
    ] { #expect(compared.out.contains(piece), "'\(piece)' in:\n\(compared.out)") }
    #expect(!(try run(["inspect", "other/best_model.pth"]).out.contains("\ndevice ")))
    #expect(!(try run(["runs", "show", "other"]).out.contains("\ndevice ")))
  }

  @Test func doctorTellsThem() throws {
    let there = try run(["doctor"], devices: "cuda:0 cuda:1").out
    #expect(there.contains("model toy-linear-cuda  test-devices  cuda:0, cuda:1, cpu"), "\(there)")
    let outcome = try run(["doctor", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
    let devices = try #require(object["devices"] as? [[String: Any]])
    let device = try #require(devices.first { $0["name"] as? String == "toy-linear-cuda" })
    #expect(device["devices"] as? [String] == ["cpu"])
    #expect(device["reason"] as? String == "no such device is pretended (set SENTRY_TEST_DEVICES)")
    // One that does not tell is not listed.
    #expect(!devices.contains { $0["name"] as? String == "toy-double" })
    #expect((object["communicators"] as? [Any])?.isEmpty == true)
  }
}
