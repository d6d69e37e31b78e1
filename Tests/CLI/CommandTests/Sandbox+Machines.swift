import Foundation
import SentryFormats
import Testing

/// Several processes of the program, over Open MPI on this machine.
extension Sandbox {
  static let launcherPath = "/usr/bin/mpirun"
  static let hasLauncher = FileManager.default.isExecutableFile(atPath: launcherPath)

  /// Whether scripts/two-hosts can work here.
  static let hasNamespaces: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(package)/scripts/two-hosts")
    process.arguments = ["--check"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static func withRealPlugins() throws -> Sandbox {
    try Sandbox(plugins: [
      "EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "PostureTCNLSTM", "DatasetSyntheticPosture",
      "AugmentSequence", "TrainerSupervised", "CommunicatorMPI",
    ])
  }

  func copyCommunicator() throws {
    try FileManager.default.copyItem(
      atPath: "\(Self.products)/libCommunicatorMPI.so", toPath: "\(root)/plugins/libCommunicatorMPI.so")
  }

  /// - Parameter watching: called every millisecond with the number of the launcher's process.
  func train(_ arguments: [String], processes: Int, watching: ((pid_t) -> Void)? = nil) throws -> Outcome {
    guard processes > 1 else { return try toys(["train"] + arguments) }
    return try launch([Part(processes: processes, arguments: arguments)], watching: watching)
  }

  /// Processes with these arguments of `train`.
  struct Part {
    var processes = 1
    var arguments: [String]
    /// Beside `work/`; nil: `plugins`.
    var plugins: String?
    /// In `work/`; nil: `work/` itself.
    var folder: String?
  }

  func launch(
    _ parts: [Part], environment: [String: String] = [:], watching: ((pid_t) -> Void)? = nil
  ) throws -> Outcome {
    let commands = parts.map { part in
      [
        "-n", "\(part.processes)", "-wdir", "\(root)/work/\(part.folder ?? "")", "\(root)/bin/sentry", "--plugin-dir",
        "\(root)/\(part.plugins ?? "plugins")", "train",
      ] + part.arguments
    }
    return try run(
      ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"] + commands.joined(separator: [":"]),
      program: Self.launcherPath, environment: environment,
      killedWhen: watching.map { watching in
        { launcher in
          watching(launcher)
          return false
        }
      })
  }

  func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(root)/work/\(path)"))
  }

  /// The model of a checkpoint, by the names of its tensors.
  func weights(_ path: String) throws -> [String: [Double]] {
    let file = "\(root)/work/\(path)"
    let state = try #require(try PyTorchFile.read(file)["model_state_dict"]).stateDict(file: file)
    return try Dictionary(uniqueKeysWithValues: state.map { ($0.name, try $0.tensor.doubles()) })
  }

  func expectSameLosses(_ run: String, _ other: String, within bound: Double) throws {
    let (one, two) = (try json("\(run)/history.json"), try json("\(other)/history.json"))
    #expect(Set(one.keys) == Set(two.keys))
    for loss in ["train_loss", "val_loss"] {
      let (values, others) = (one[loss] as? [Double] ?? [], two[loss] as? [Double] ?? [])
      #expect(values.count == others.count && !values.isEmpty)
      for (value, other) in zip(values, others) {
        #expect(abs(value - other) <= bound, "\(run) \(loss): \(value) and \(other)")
      }
    }
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
