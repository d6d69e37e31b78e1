import Glibc
import SentryFormats
import SentryPluginAPI
import SentryTestSupport
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct CheckpointTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/run" }
  init() throws { scratch = try Scratch() }

  @Test func aCheckpointHoldsWhatItsUserNeeds() throws {
    var run = ToyRun(path, epochs: 5)
    run.options.checkpointEvery = 2
    let outcome = try run.run()
    #expect(
      outcome.files == [
        "best_model.pth", "checkpoint_epoch_2.pth", "checkpoint_epoch_4.pth", "final_model.pth", "history.json",
        "run.json", "tensorboard", "timing.json",
      ])
    let file = "\(path)/final_model.pth"
    let checkpoint = try PyTorchFile.read(file)
    #expect(
      checkpoint.dictionary?.keys.map(\.description) == [
        "epoch", "model_state_dict", "optimizer_state_dict", "best_val_acc", "history", "sentry",
      ])
    #expect(checkpoint["epoch"]?.int == 5)
    #expect(checkpoint["best_val_acc"]?.double == outcome.bestAccuracy)
    #expect(checkpoint["history"]?["epoch"]?.elements?.compactMap(\.int) == [1, 2, 3, 4, 5])
    let model = try #require(checkpoint["model_state_dict"]).stateDict(file: file)
    #expect(model.map(\.name) == ["colour.weight", "colour.bias", "num_batches_tracked"])
    // Five epochs of five batches.
    #expect(try model[2].tensor.integers() == [25])
    let about = try #require(checkpoint["sentry"])
    #expect(about["recipe"]?.string == "toy")
    #expect(about["tasks"]?.elements?.first?["classes"]?.elements?.compactMap(\.string) == ["red", "green", "blue"])
    #expect(about["model"]?["options"]?["size"]?.int == 6)
    #expect(about["input"]?["shape"]?.elements?.compactMap(\.int) == [6])
    #expect(about["normalisation"]?["std"]?.elements?.compactMap(\.double) == [0.25, 0.5])
    #expect(about["dataset"]?["name"]?.string == "toy" && about["augmenter"]?["name"]?.string == "noise")
    #expect(try PyTorchFile.read("\(path)/checkpoint_epoch_2.pth")["epoch"]?.int == 2)
    #expect(try PyTorchFile.read("\(path)/best_model.pth")["epoch"]?.int == outcome.bestEpoch)
  }

  @Test func theOptimiserHasPyTorchsForm() throws {
    let checkpoint = Checkpoint(
      epoch: 1, model: [],
      trainer: try [
        ("exp_avg/b", StoredTensor([Float(1)], shape: [1])), ("exp_avg/a", StoredTensor([Float(2)], shape: [1])),
        ("step/b", StoredTensor([Float(3)], shape: [])), ("private", StoredTensor([Float(4)], shape: [1])),
        ("exp_avg/unknown", StoredTensor([Float(5)], shape: [1])),
      ],
      parameterGroups: [["lr": 0.5, "params": ["b"]], ["lr": 0.25, "params": ["c", "a"]]], trainable: [],
      bestAccuracy: nil, history: History(),
      about: .init(recipe: "", model: "", options: [:], tasks: [], input: .init(.float32, [1]), normalisation: nil))
    let optimizer = checkpoint.optimizer
    let groups = try #require(optimizer["param_groups"]?.elements)
    #expect(groups.map { $0["params"]?.elements?.compactMap(\.int) } == [[0], [1, 2]])
    #expect(groups.map { $0["lr"]?.double } == [0.5, 0.25])
    let state = try #require(optimizer["state"]?.dictionary)
    #expect(state.keys == [.int(0), .int(2)])
    #expect(try state[0]?["exp_avg"]?.tensor?.floats() == [1])
    #expect(try state[0]?["step"]?.tensor?.floats() == [3])
    #expect(try state[2]?["exp_avg"]?.tensor?.floats() == [2])
  }

  /// PyTorch itself reads the file without running code of it, and its own SGD takes the optimiser's state.
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func pyTorchReadsIt() throws {
    _ = try ToyRun(path).run()
    let script = """
      import sys, torch
      c = torch.load(sys.argv[1], weights_only=True)
      assert list(c) == ['epoch', 'model_state_dict', 'optimizer_state_dict', 'best_val_acc', 'history', 'sentry'], list(c)
      m = c['model_state_dict']
      assert type(m).__name__ == 'OrderedDict' and m['colour.weight'].shape == (3, 6), m
      assert m['num_batches_tracked'].dtype == torch.int64 and m['num_batches_tracked'].shape == (), m
      p = [torch.nn.Parameter(m[n].clone()) for n in ('colour.weight', 'colour.bias')]
      o = torch.optim.SGD(p, lr=1.0, momentum=0.1)
      o.load_state_dict(c['optimizer_state_dict'])
      assert o.param_groups[0]['momentum'] == 0.9 and abs(o.param_groups[0]['lr'] - 0.1) < 1e-9, o.param_groups
      assert o.state[p[0]]['momentum_buffer'].shape == (3, 6) and o.state[p[0]]['momentum_buffer'].abs().sum() > 0
      assert c['history']['epoch'] == [1, 2, 3] and len(c['history']['val_acc']) == 3, c['history']
      assert c['sentry']['tasks'][0]['classes'] == ['red', 'green', 'blue'], c['sentry']
      """
    var process = pid_t()
    let python = try #require(PeerPython.interpreter)
    let words: [String] = [python, "-c", script, "\(path)/final_model.pth"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    try #require(posix_spawn(&process, python, nil, nil, &arguments, environ) == 0)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect(status == 0)
  }
}
