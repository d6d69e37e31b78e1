import Foundation
import Testing

@Suite struct ErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var status: Int32
    var pieces: [String]
    init(_ arguments: [String], _ status: Int32, _ pieces: String...) {
      (self.arguments, self.status, self.pieces) = (arguments, status, pieces)
    }
    var testDescription: String { arguments.joined(separator: " ") }
  }

  /// Before anything was computed that would be lost.
  @Test(arguments: [["train", "toy"], ["evaluate", "--model", "gone.pth"]])
  func aLinkToNowhereIsNoFolder(command: [String]) throws {
    let sandbox = try Sandbox()
    try FileManager.default.createSymbolicLink(
      atPath: "\(sandbox.root)/work/link", withDestinationPath: "nowhere")
    let outcome = try sandbox.toys(command + ["--output", "link"])
    #expect(
      outcome.status == 64 && outcome.err.contains("link is a link to nowhere, which does not exist"), "\(outcome.err)")
  }

  @Test(arguments: [
    Case(["train"], 64, "recipe missing", "there are: toy"),
    Case(["train", "tyo"], 1, "no plugin offers recipe 'tyo'", "did you mean 'toy'?", "ROOT/plugins (--plugin-dir)"),
    Case(["train", "tyo", "--lr", "3"], 1, "no plugin offers recipe 'tyo'"),
    Case(
      ["train", "toy", "--model", "nothing"], 1, "ROOT/plugins (--plugin-dir)\n    3 usable plugins\n",
      "Hint: there are: toy-blind, toy-double, toy-linear; name the folder"),
    Case(["train", "toy", "--lrr", "3"], 64, "Unknown option '--lrr'", "Did you mean '--lr'?"),
    Case(
      ["train", "toy", "--lr", "x"], 64, "--lr: trainer.lr is \"x\" but must be of type number",
      "Hint: The learning rate."),
    Case(["train", "toy", "--lr", "99"], 64, "--lr: trainer.lr is 99 but must be at most 10"),
    Case(["train", "toy", "--output", ""], 64, "the name of the folder is empty"),
    Case(["train", "toy", "--output", "/dev/null"], 64, "/dev/null is not a folder", "Hint: name a folder"),
    Case(["train", "toy", "--epochs", "0"], 64, "--epochs: run.epochs is 0 but must be at least 1"),
    Case(["train", "toy", "--epochs", "-1"], 64, "--epochs: run.epochs is -1 but must be at least 1"),
    Case(["train", "toy", "--lr", "-0.5"], 64, "--lr: trainer.lr is -0.5 but must be"),
    Case(["extract", "a.mp4", "--output", "out", "--fps", "-1"], 64, "--fps is -1.0 but must be more than 0"),
    Case(["extract", "a.csv", "--output", "out", "--rate", "-25"], 64, "--rate is -25.0 but must be more than 0"),
    Case(["demo", "--model", "a.pth", "--stride", "-2"], 64, "--stride is -2 but must be at least 1"),
    Case(["predict", "--model", "a.pth", "--seed", "-3", "a.jpg"], 64, "The value '-3' is invalid for '--seed"),
    Case(["demo", "--model", "a.pth", "--headless", "-1"], 64, "'--headless' does not take any value"),
    Case(["train", "toy", "--set", "trainer.rl=1"], 64, "trainer 'toy-sgd' has no option 'rl'"),
    Case(
      ["train", "toy", "--set", "dataset.contrast=srtong"], 64,
      "but must be one of strong, weak; did you mean 'strong'?"),
    Case(["train", "toy", "--set", "model.tasks=[]"], 64, "filled in by the host"),
    Case(["train", "toy", "--set", "augmenter.x=1"], 64, "augmenter 'toy-scale' has no option 'x'", "has no options"),
    Case(["train", "toy", "--augmenter", "none", "--set", "augmenter.x=1"], 64, "the run has no augmenter"),
    Case(
      ["train", "toy", "--model", "toy-liner"], 1, "no plugin offers model 'toy-liner'", "did you mean 'toy-linear'?"),
    Case(["train", "toy", "--data", "x"], 64, "dataset 'toy-stripes' reads no files"),
    Case(["train", "toy", "--dataset", "toy-folder"], 64, "--data is missing", "dataset 'toy-folder'"),
    Case(["train", "toy", "--dataset", "toy-folder", "--data", "gone"], 64, "--data ROOT/work/gone: No such file"),
    Case(["train", "toy", "--dataset", "auto"], 64, "--dataset auto needs --data"),
    Case(["train", "toy", "--dataset", "auto", "--data", "/etc"], 64, "no dataset recognises /etc", "toy-folder 0"),
    Case(["train", "toy", "--config", "gone.yaml"], 64, "--config gone.yaml cannot be read"),
    Case(
      ["train", "toy", "--set", "model.side=8"], 64, "augmenter 'toy-scale' gives float32 [1, 16, 16]",
      "takes float32 [1, 8, 8]"),
    Case(
      ["train", "toy", "--augmenter", "none", "--set", "model.side=8"], 64, "takes float32 [1, 8, 8]",
      "give --augmentation none to train without random variation"),
    Case(["train", "toy", "--augmentation", "storng"], 64, "did you mean 'strong'?"),
    Case(
      ["train", "toy", "--augmenter", "none", "--augmentation", "strong"], 64,
      "run.augmentation has no effect, because the run has no augmenter", "leave --augmenter none out"),
    Case(["train", "toy", "--cpu", "--set", "model.device=2"], 64, "--cpu: model 'toy-linear' keeps 'linear.weight'"),
    Case(["train", "toy-clash"], 1, "its flag --epochs is an option of sentry itself"),
    Case(
      ["train", "toy", "--resume", "gone", "--seed", "1", "--lr", "1"], 64,
      "--seed, --lr cannot be combined with --resume"),
    Case(["train", "--resume", "gone"], 64, "gone/run.json"),
    Case(["plugins", "inspect", "toy-liner"], 1, "did you mean 'toy-linear'?"),
    Case(
      ["--plugin-dir", "/nonexistent", "plugins", "list"], 64, "--plugin-dir /nonexistent: there is no such folder"),
    Case(["tarin"], 64, "Unexpected argument 'tarin'"),
  ])
  func messages(_ given: Case) throws {
    let outcome = try Sandbox().toys(given.arguments)
    #expect(outcome.status == given.status)
    #expect(outcome.out == "")
    for piece in given.pieces { #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)") }
  }

  @Test func resultsThatCannotBeWrittenAreNoSuccess() throws {
    let sandbox = try Sandbox(toys: false)
    let outcome = try sandbox.run(
      ["-c", "exec \(sandbox.root)/bin/sentry recipes --json > /dev/full"], program: "../../bin/sh")
    #expect(outcome.status == 1)
    #expect(outcome.err == "Error: standard output cannot be written: No space left on device\n")
  }

  @Test func anEmptyPluginFolderSaysWhatIsMissingAndWhereItLooked() throws {
    let sandbox = try Sandbox(toys: false)
    try Data("no library".utf8).write(to: URL(fileURLWithPath: sandbox.root + "/home/libtext.so"))
    let outcome = try sandbox.run(
      ["--plugin-dir", sandbox.root + "/empty", "train", "toy"],
      environment: ["SENTRY_PLUGIN_PATH": sandbox.root + "/home"])
    #expect(outcome.status == 1)
    for piece in [
      "no plugin offers recipe 'toy'", "ROOT/empty (--plugin-dir)\n    no plugins", "ROOT/home (SENTRY_PLUGIN_PATH)",
      "libtext.so: refused, not a shared library", "ROOT/home/.local/share/sentry/plugins (user, does not exist)",
      "ROOT/bin (beside the executable)", "ROOT/lib/sentry/plugins (installation, does not exist)", "Hint:",
    ] { #expect(outcome.err.contains(piece), "'\(piece)' in:\n\(outcome.err)") }
  }

  @Test func aNamedFolderWithoutPluginsIsASlipEvenWhereOthersHaveThem() throws {
    let sandbox = try Sandbox()
    let outcome = try sandbox.run(
      ["--plugin-dir", sandbox.root + "/empty", "--plugin-dir", sandbox.root + "/plugins", "train", "toy"])
    #expect(outcome.status == 1)
    #expect(outcome.err.contains("--plugin-dir ROOT/empty holds no usable plugin; 'toy' needs dataset 'toy-stripes'"))
  }

  @Test func aFolderThatOthersMayWriteNeedsLeave() throws {
    let sandbox = try Sandbox()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: sandbox.root + "/plugins")
    let train = ["train", "toy", "--epochs", "1", "--output", "run"]
    let refused = try sandbox.toys(train)
    #expect(refused.status == 1)
    for piece in ["libTestPluginToyA.so: refused, other users may write ROOT/plugins", "--allow-untrusted"] {
      #expect(refused.err.contains(piece), "'\(piece)' in:\n\(refused.err)")
    }
    #expect(!FileManager.default.fileExists(atPath: sandbox.root + "/work/run"))
    let allowed = try sandbox.toys(["--allow-untrusted"] + train)
    #expect(allowed.status == 0, "\(allowed.err)")
    #expect(try sandbox.toys(train + ["--overwrite"]).status == 1, "leave is given for one command")
  }

  @Test func componentsThatAreMissingAreNamedAtOnce() throws {
    let sandbox = try Sandbox()
    try FileManager.default.removeItem(atPath: sandbox.root + "/plugins/libTestPluginToyB.so")
    let outcome = try sandbox.toys(["train", "toy"])
    #expect(outcome.status == 1)
    #expect(outcome.err.contains("no plugin offers model 'toy-linear', trainer 'toy-sgd'"))
  }

  @Test func dataOfAnotherDatasetIsHintedAt() throws {
    let sandbox = try Sandbox()
    try FileManager.default.createDirectory(atPath: sandbox.root + "/work/other", withIntermediateDirectories: true)
    let outcome = try sandbox.toys(["train", "toy", "--dataset", "toy-folder", "--data", "other"])
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("looks like toy-other (score 70); pass --dataset toy-other"))
  }

  /// The state of the second epoch holds NaN: that of the first is still there, and a resumed run begins behind it.
  @Test func aTrainerWhoseStateIsNoJSONEndsTheRunAndSparesTheLastState() throws {
    let sandbox = try Sandbox()
    func state() throws -> [Data] {
      let folder = "\(sandbox.root)/work/run/state"
      let number = try String(contentsOfFile: "\(folder)/current", encoding: .utf8).filter { !$0.isNewline }
      return try ["current", "\(number)/state.pth"].map {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))
      }
    }
    let first = try sandbox.toys(
      ["train", "toy", "--epochs", "3", "--output", "run", "--set", "trainer.spoil-after=1"])
    #expect(first.status == 1)
    for piece in ["toy-sgd", "'best' is nan, which JSON cannot hold", "returned no state to save", "--resume"] {
      #expect(first.err.contains(piece), "'\(piece)' in:\n\(first.err)")
    }
    let kept = try state()
    let second = try sandbox.toys(["train", "--resume", "run"])
    #expect(second.status == 1 && second.err.contains("returned no state to save"))
    #expect(second.out.contains("epoch 2/3") && !second.out.contains("epoch 1/3"), "\(second.out)")
    #expect(try state() == kept)
  }
}
