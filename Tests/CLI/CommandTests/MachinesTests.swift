import Foundation
import SentryFormats
import Testing

/// Several processes train as one does, and notice what is not the same everywhere.
@Suite(.enabled(if: Sandbox.hasLauncher, "needs mpirun (Debian: openmpi-bin)"), .serialized) struct MachinesTests {
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
      let distance = distance(try sandbox.weights("run\(size)/final_model.pth"), one)
      #expect(distance < 1e-12, "\(size) processes: \(distance)")
      try sandbox.expectSameLosses("run\(size)", "run1", within: 1e-12)
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
      let outcome = try sandbox.launch([.init(arguments: plain), .init(arguments: plain + more)])
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
    let outcome = try sandbox.launch([.init(arguments: plain), .init(arguments: plain, plugins: "other")])
    #expect(outcome.status != 0 && outcome.err.contains("the plugin test-toy-b is SHA-256"), "\(outcome.err)")
  }

  /// Each rank reads the file under the same path of its own machine: with another pixel, another label, or not there.
  @Test func otherDataOnOneRankIsToldBeforeTheFirstStep() throws {
    let sandbox = try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetFER2013", "AugmentFace", "TrainerSupervised", "CommunicatorMPI",
    ])
    for machine in ["same", "pixel", "label", "missing"] {
      let folder = "\(sandbox.root)/work/\(machine)/faces"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if machine == "missing" { continue }
      let rows = (0..<12).map { number in
        let isOther = number == 6
        let brighter = machine == "pixel" && isOther ? 1 : 0
        let pixels = (0..<48 * 48).map { ($0 * 7 + number * 31) % 200 + ($0 == 9 ? brighter : 0) }
        let label = (machine == "label" && isOther ? number + 1 : number) % 2
        let values = pixels.map(String.init).joined(separator: " ")
        return "\(3 + label),\(values),\(number < 8 ? "Training" : "PublicTest")"
      }
      try (["emotion,pixels,Usage"] + rows).joined(separator: "\n").write(
        toFile: "\(folder)/fer2013.csv", atomically: true, encoding: .utf8)
    }
    // The same path for all, and another folder for each.
    let arguments = [
      "emotion", "--dataset", "fer2013", "--data", "/proc/self/cwd/faces", "--image-size", "32", "--batch-size", "4",
      "--epochs", "1",
      "--output", "run",
    ]
    for (folder, told) in [("pixel", "the samples' values"), ("label", "the data's labels"), ("missing", "faces")] {
      let outcome = try sandbox.launch([
        .init(arguments: arguments, folder: "same"), .init(arguments: arguments, folder: folder),
      ])
      #expect(
        outcome.status != 0 && outcome.err.contains("rank 1") && outcome.err.contains(told), "\(folder): \(outcome.err)"
      )
      #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/same/run/state"))
    }
  }

  /// Steps cannot be split alone, because the others wait in the middle of them; validation can.
  @Test func memoryThatRunsOutIsToldWithAWayOut() throws {
    let sandbox = try Sandbox()
    for plugin in ["CommunicatorMPI", "TestPluginDevices", "TrainerSupervised"] {
      let (file, to) = ("\(Sandbox.products)/lib\(plugin).so", "\(sandbox.root)/plugins/lib\(plugin).so")
      if !FileManager.default.fileExists(atPath: to) { try FileManager.default.copyItem(atPath: file, toPath: to) }
    }
    func train(_ more: [String], mostRows: Int) throws -> Sandbox.Outcome {
      let arguments = [
        "toy", "--model", "toy-linear-cuda", "--trainer", "supervised", "--batch-size", "8", "--epochs", "1",
        "--output", "run", "--overwrite",
      ]
      return try sandbox.launch(
        [.init(processes: 2, arguments: arguments + more)],
        environment: ["SENTRY_TEST_MOST_ROWS": "\(mostRows)"])
    }
    let outcome = try train([], mostRows: 3)
    #expect(outcome.status != 0)
    for piece in ["memory ran out with 4 samples at once", "the pretended card is full", "--micro-batch 2", "rank "] {
      #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)")
    }
    let split = try train(["--micro-batch", "2"], mostRows: 3)
    #expect(split.status == 0, "\(split.err)")
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

  /// Batch norms, drop-out, several tasks with labels that are missing, classes that weigh differently, clipping.
  ///
  /// By SGD: AdamW's first steps are lr·sign(g), and carry the rounding of small gradients into the weights. With a low rate, as
  /// the network of faces multiplies rounding about a hundred times in ten steps at 1e-2 (docs/machines.md).
  @Test(arguments: [
    (
      "posture", "0.01",
      ["--dataset", "synthetic-posture", "--set", "dataset.count=96", "--set", "dataset.validation-count=25"]
    ),
    (
      "emotion", "0.001",
      [
        "--dataset", "synthetic-faces", "--image-size", "32", "--set", "dataset.count=48", "--set",
        "dataset.validation-count=13", "--set", "trainer.class-weights=inverse",
        // What this test was made with: how far rounding carries depends on all of it.
        "--set", "trainer.nesterov=false", "--set", "trainer.weight-decay=0.05", "--set", "trainer.warm-up-epochs=0",
        "--set", "trainer.average-decay=0", "--set", "trainer.label-smoothing=0.15", "--augmentation", "standard",
      ]
    ),
  ]) func realModelsTrainAsOneProcessDoes(recipe: String, rate: String, options: [String]) throws {
    let sandbox = try Sandbox.withRealPlugins()
    let arguments =
      [recipe, "--batch-size", "9", "--epochs", "2", "--limit", "48", "--set", "trainer.optimizer=sgd"] + options
    func train(_ name: String, _ more: [String], lr: String, processes: Int = 1) throws -> [String: [Double]] {
      let outcome = try sandbox.train(arguments + ["--output", name, "--lr", lr] + more, processes: processes)
      try #require(outcome.status == 0, "\(name): \(outcome.err)")
      return try sandbox.weights("\(name)/final_model.pth")
    }
    let start = try train("start", ["--set", "trainer.min-lr=0", "--epochs", "1"], lr: "0")
    let one = try train("one", ["--threads", "1"], lr: rate)
    let two = try train("two-threads", ["--threads", "2"], lr: rate)
    let bound = max(2 * distance(two, one), 1e-6)
    for size in 2...4 {
      let weights = try train("run\(size)", ["--threads", "1"], lr: rate, processes: size)
      #expect(distance(weights, one) <= bound, "\(size) processes")
      // Of what training has changed, so that a gradient that is a hundredth too large shows.
      let change = distance(weights, one, from: start)
      #expect(change <= max(2 * distance(two, one, from: start), 1e-3), "\(size) processes: \(change)")
      try sandbox.expectSameLosses("run\(size)", "one", within: 2e-4)
    }
    _ = try train("again3", ["--threads", "1", "--set", "trainer.overlap=false"], lr: rate, processes: 3)
    for file in ["history.json", "final_model.pth"] {
      #expect(try sandbox.bytes("again3/\(file)") == sandbox.bytes("run3/\(file)"), "equal ranks give equal bytes")
    }
  }

  /// Batch norms of each process's rows alone: the running statistics are the mean over the ranks, also in the average of the weights.
  @Test func batchNormsOfTheirOwnAgreeAtTheEndOfAnEpoch() throws {
    let sandbox = try Sandbox.withRealPlugins()
    // Without learning, the first layer's means over two equal shares have the means over whole batches as their mean.
    let arguments = [
      "posture", "--dataset", "synthetic-posture", "--set", "dataset.count=48", "--set", "dataset.validation-count=9",
      "--batch-size", "8", "--epochs", "2", "--threads", "1", "--lr", "0", "--set", "trainer.min-lr=0", "--set",
      "trainer.average-decay=0.5", "--set", "model.sync-batch-norm=false",
    ]
    for size in [1, 2] {
      let outcome = try sandbox.train(arguments + ["--output", "run\(size)"], processes: size)
      #expect(outcome.status == 0, "\(size): \(outcome.err)")
    }
    let name = "tcn.network.0.bn1.running_mean"
    let (one, two) = (
      try #require(try sandbox.weights("run1/final_model.pth")[name]),
      try #require(try sandbox.weights("run2/final_model.pth")[name])
    )
    #expect(one.contains { abs($0) > 1e-3 })
    #expect(zip(one, two).allSatisfy { abs($0 - $1) < 1e-5 }, "\(one) and \(two)")
  }

  /// The size of inputs changes after the first epoch: trainer and model of the second know their share, too.
  @Test func sizesChangeOnAllRanks() throws {
    let sandbox = try Sandbox.withRealPlugins()
    let arguments = [
      "emotion", "--dataset", "synthetic-faces", "--image-size-schedule", "48:1,32:1", "--batch-size", "9", "--set",
      "dataset.count=27", "--set", "dataset.validation-count=9", "--set", "trainer.optimizer=sgd", "--lr", "0.001",
      "--threads", "1",
    ]
    for size in [1, 2] {
      let outcome = try sandbox.train(arguments + ["--output", "run\(size)"], processes: size)
      #expect(outcome.status == 0, "\(size): \(outcome.err)")
    }
    try sandbox.expectSameLosses("run2", "run1", within: 2e-4)
    #expect(try sandbox.json("run2/history.json")["input_size"] as? [Int] == [48, 32])
  }

  /// Two hosts with names and addresses of their own, and a cable of 1 Gbit/s between them: the bytes of two processes on one machine.
  @Test(.enabled(if: Sandbox.hasNamespaces, "needs root, iproute2 and a kernel with network namespaces"))
  func twoHostsTrainAsTwoProcessesOnOne() throws {
    let sandbox = try Sandbox.withRealPlugins()
    let arguments = [
      "posture", "--dataset", "synthetic-posture", "--set", "dataset.count=48", "--set", "dataset.validation-count=12",
      "--batch-size", "9", "--epochs", "2", "--threads", "1",
    ]
    let one = try sandbox.train(arguments + ["--output", "one-host"], processes: 2)
    try #require(one.status == 0, "\(one.err)")
    let two = try sandbox.run(
      [
        "--rate", "1gbit", "\(sandbox.root)/bin/sentry", "--plugin-dir", "\(sandbox.root)/plugins", "train",
      ] + arguments + ["--output", "\(sandbox.root)/work/two-hosts"], program: "\(Sandbox.package)/scripts/two-hosts")
    #expect(two.status == 0, "\(two.out)\(two.err)")
    for file in ["history.json", "final_model.pth"] {
      #expect(try sandbox.bytes("two-hosts/\(file)") == sandbox.bytes("one-host/\(file)"), "\(file)")
    }
  }

  /// |a − b| / |b|; with a start, of what has changed since, and of parameters alone.
  private func distance(
    _ a: [String: [Double]], _ b: [String: [Double]], from start: [String: [Double]]? = nil
  ) -> Double {
    guard a.keys == b.keys else { return .infinity }
    var (difference, norm) = (0.0, 0.0)
    for (name, values) in b where start == nil || !(name.contains(".running_") || name.hasSuffix("_tracked")) {
      guard let others = a[name], others.count == values.count else { return .infinity }
      let before = start?[name] ?? [Double](repeating: 0, count: values.count)
      for (index, value) in values.enumerated() {
        difference += (value - others[index]) * (value - others[index])
        norm += (value - before[index]) * (value - before[index])
      }
    }
    return (difference / norm).squareRoot()
  }
}
