import Foundation
import SentryFormats
import Testing

/// Several processes train together, over Open MPI on this machine.
@Suite(.enabled(if: hasLauncher, "needs mpirun (Debian: openmpi-bin)"), .serialized) struct MachinesTests {
  /// Ten steps in double precision: what the processes share changes nothing but the rounding of the last bit.
  @Test func theNumberOfProcessesChangesNothing() throws {
    let sandbox = try Sandbox()
    try sandbox.copyCommunicator()
    // 7 is shared unevenly by 2, 3 and 4; 35 validation samples are, too; the last, short batch of 2 is left out.
    let arguments = [
      "toy", "--dataset", "toy-stripes", "--samples", "37", "--model", "toy-double", "--trainer", "toy-double-sgd",
      "--batch-size", "7", "--epochs", "2", "--workers", "2",
    ]
    for size in 1...4 {
      let outcome = try sandbox.train(arguments + ["--output", "run\(size)"], processes: size)
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.contains("processes train together") == (size > 1))
    }
    let one = try sandbox.weights("run1/final_model.pth")
    #expect(one.count == 1)
    for size in 2...4 {
      let distance = Self.distance(try sandbox.weights("run\(size)/final_model.pth"), one)
      #expect(distance < 1e-12, "\(size) processes: \(distance)")
      try Self.expectSameHistory(sandbox, "run\(size)", "run1", within: 1e-12)
    }
  }

  @Test func whatIsNotTheSameOnAllRanksIsToldBeforeTheFirstStep() throws {
    let sandbox = try Sandbox()
    try sandbox.copyCommunicator()
    let plain = ["toy", "--output", "run", "--model", "toy-double", "--trainer", "toy-double-sgd"]
    for (more, told) in [
      (["--seed", "7"], "run.seed is 7"), (["--set", "trainer.lr=0.3"], "trainer.lr is 0.3"),
      (["--samples", "48"], "dataset.count is 48"),
      (["--init-weights", "missing.pth"], "rank 1"), (["--dataset", "toy-folder", "--data", "no-toy"], "rank 1"),
    ] {
      let outcome = try sandbox.launch([(1, plain), (1, plain + more)])
      #expect(outcome.status != 0 && outcome.err.contains("rank 1") && outcome.err.contains(told), "\(outcome.err)")
      #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run/state"))
    }
    // Another build of a plugin.
    let other = "\(sandbox.root)/other"
    try FileManager.default.copyItem(atPath: "\(sandbox.root)/plugins", toPath: other)
    let file = try #require(FileHandle(forWritingAtPath: "\(other)/libTestPluginToyB.so"))
    try file.seekToEnd()
    try file.write(contentsOf: Data([0]))
    try file.close()
    let outcome = try sandbox.launch([(1, plain), (1, plain)], plugins: [nil, other])
    #expect(outcome.status != 0 && outcome.err.contains("the plugin test-toy-b is SHA-256"), "\(outcome.err)")
  }

  @Test func whatCannotBeSharedIsRefused() throws {
    let sandbox = try Sandbox()
    try sandbox.copyCommunicator()
    let trainer = try sandbox.train(["toy", "--output", "run"], processes: 2)
    #expect(
      trainer.status != 0 && trainer.err.contains("toy-sgd") && trainer.err.contains("one process"), "\(trainer.err)")
    let batch = try sandbox.train(
      ["toy", "--output", "run", "--model", "toy-double", "--trainer", "toy-double-sgd", "--batch-size", "2"],
      processes: 3)
    #expect(batch.status == 64 && batch.err.contains("a batch of 2 cannot be shared by 3 processes"), "\(batch.err)")
    let alone = try sandbox.toys(["train", "toy", "--output", "alone", "--communicator", "mpj"])
    #expect(alone.status != 0 && alone.err.contains("did you mean 'mpi'?"), "\(alone.err)")
  }

  /// Batch norms, drop-out, several tasks with labels that are missing, clipping. By SGD: AdamW's first steps are lr·sign(g), and
  /// carry the rounding of small gradients into the weights.
  @Test(arguments: [
    (
      "posture",
      [
        "--dataset", "synthetic-posture", "--set", "dataset.count=96", "--set", "dataset.validation-count=25",
      ]
    )
    // The emotion recipe is missing: its weights agree, its train_loss does not yet.
  ]) func realModelsTrainAsOneProcessDoes(recipe: String, options: [String]) throws {
    let sandbox = try Sandbox.withRealPlugins()
    let arguments =
      [
        recipe, "--batch-size", "9", "--epochs", "2", "--limit", "48", "--lr", "0.01", "--set", "trainer.optimizer=sgd",
      ] + options
    func train(_ name: String, _ more: [String], processes: Int) throws -> [String: [Double]] {
      let outcome = try sandbox.train(arguments + ["--output", name] + more, processes: processes)
      try #require(outcome.status == 0, "\(name): \(outcome.err)")
      return try sandbox.weights("\(name)/final_model.pth")
    }
    let one = try train("one", ["--threads", "1"], processes: 1)
    let bound = 2 * Self.distance(try train("two-threads", ["--threads", "2"], processes: 1), one)
    for size in 2...4 {
      let weights = try train("run\(size)", ["--threads", "1"], processes: size)
      #expect(Self.distance(weights, one) <= max(bound, 1e-6), "\(size) processes, bound \(bound)")
      try Self.expectSameHistory(sandbox, "run\(size)", "one", within: 2e-4)
    }
    _ = try train("again3", ["--threads", "1"], processes: 3)
    for file in ["history.json", "final_model.pth"] {
      #expect(try sandbox.bytes("again3/\(file)") == sandbox.bytes("run3/\(file)"), "equal ranks give equal bytes")
    }
  }

  // MARK: helpers

  /// |a − b| / |b| over all tensors.
  private static func distance(_ a: [String: [Double]], _ b: [String: [Double]]) -> Double {
    guard a.keys == b.keys else { return .infinity }
    var (difference, norm) = (0.0, 0.0)
    for (name, values) in b {
      guard let others = a[name], others.count == values.count else { return .infinity }
      for (one, other) in zip(values, others) {
        difference += (one - other) * (one - other)
        norm += one * one
      }
    }
    return (difference / norm).squareRoot()
  }

  private static func expectSameHistory(_ sandbox: Sandbox, _ run: String, _ other: String, within bound: Double) throws
  {
    let (one, two) = (try sandbox.json("\(run)/history.json"), try sandbox.json("\(other)/history.json"))
    #expect(Set(one.keys) == Set(two.keys))
    for loss in ["train_loss", "val_loss"] {
      let (values, others) = (one[loss] as? [Double] ?? [], two[loss] as? [Double] ?? [])
      #expect(values.count == others.count && !values.isEmpty)
      for (value, other) in zip(values, others) { #expect(abs(value - other) <= bound, "\(run) \(loss)") }
    }
  }
}

private let launcherPath = "/usr/bin/mpirun"
private let hasLauncher = FileManager.default.isExecutableFile(atPath: launcherPath)

extension Sandbox {
  fileprivate static func withRealPlugins() throws -> Sandbox {
    try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "PostureTCNLSTM", "DatasetSyntheticPosture",
      "AugmentSequence", "TrainerSupervised", "CommunicatorMPI",
    ])
  }

  fileprivate func copyCommunicator() throws {
    try FileManager.default.copyItem(
      atPath: "\(Self.products)/libCommunicatorMPI.so", toPath: "\(root)/plugins/libCommunicatorMPI.so")
  }

  fileprivate func train(_ arguments: [String], processes: Int) throws -> Outcome {
    guard processes > 1 else { return try toys(["train"] + arguments) }
    return try launch([(processes, arguments)])
  }

  /// - Parameters:
  ///   - parts: so many processes with these arguments of `train`.
  ///   - plugins: the folder of each part; nil: that of the sandbox.
  fileprivate func launch(
    _ parts: [(processes: Int, arguments: [String])], plugins: [String?]? = nil
  ) throws -> Outcome {
    let commands = parts.enumerated().map { index, part in
      let folder = plugins?[index] ?? "\(root)/plugins"
      return ["-n", "\(part.processes)", "\(root)/bin/sentry", "--plugin-dir", folder, "train"] + part.arguments
    }
    return try run(
      ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"] + commands.joined(separator: [":"]),
      program: launcherPath)
  }

  fileprivate func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(root)/work/\(path)"))
  }

  /// The model of a checkpoint, by the names of its tensors.
  fileprivate func weights(_ path: String) throws -> [String: [Double]] {
    let file = "\(root)/work/\(path)"
    let state = try #require(try PyTorchFile.read(file)["model_state_dict"]).stateDict(file: file)
    return try Dictionary(uniqueKeysWithValues: state.map { ($0.name, try $0.tensor.doubles()) })
  }
}

extension StoredTensor {
  fileprivate func doubles() throws -> [Double] {
    let bytes = try bytes()
    return switch dtype {
    case .f64: bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    case .f32: bytes.withUnsafeBytes { $0.bindMemory(to: Float.self).map(Double.init) }
    case .i64: bytes.withUnsafeBytes { $0.bindMemory(to: Int64.self).map(Double.init) }
    default: []
    }
  }
}
