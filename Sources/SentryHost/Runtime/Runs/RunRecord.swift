import CSentryPlugin
import Glibc
import SentryPluginAPI

/// What run.json holds: how a run came about, for its reader and for `--resume`.
package struct RunRecord: Codable, Sendable {
  package struct Plugin: Codable, Sendable, Equatable {
    package var version: String
    package var sha256: String
    /// The foreign library, where the plugin's file is a manifest.
    package var library: PluginDeclaration.Library?
  }
  /// One start of the program that worked on the run.
  package struct Session: Codable, Sendable, Equatable {
    package var started: String
    package var ended: String?
    package var machine: Machine
    package var outcome: String?
    /// What the model said of where and how it computes; nil if it did not.
    package var device: String?
    package var precision: String?

    package var place: ModelPlace { ModelPlace(device: device, precision: precision) }
  }

  package var sentry: String
  package var border: String
  package var command: [String]
  package var seed: UInt64
  package var plan: RunPlan
  /// By name, each plugin that a component of the plan comes from.
  package var plugins: [String: Plugin]
  package var data: DataSummary
  /// What a batch takes beside the memory there is; nil where the model does not tell.
  package var memory: MemoryPlan?
  package var skipped: [SkippedSample] = []
  /// The epoch that the trainer found best, as far as the run is.
  package var best: Progress.Best?
  /// By file, how its model's temperature was fitted; nil where none was.
  package var calibration: [String: JSONValue]?
  package var sessions: [Session] = []

  package init(plan: RunPlan, data: DataSummary) {
    sentry = Version.sentry
    border = "\(SENTRY_ABI_MAJOR).\(SENTRY_ABI_MINOR)"
    command = plan.command
    seed = plan.run.seed
    self.plan = plan
    self.data = data
    plugins = Dictionary(
      plan.choices.map(\.value).map {
        ($0.plugin, Plugin(version: $0.version, sha256: $0.sha256, library: $0.library))
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// The plan of the run in a directory. Throws ``PluginError`` where run.json is missing, damaged or of another form.
  /// The user is told which options of the run have other names now.
  package static func plan(at directory: String) throws -> RunPlan {
    let (record, text) = try reading(directory)
    let stored = try JSON.decode(JSONValue.self, from: text, what: RunDirectory.record)
    if let run = stored["plan"]?["run"]?.objectValue {
      _ = try RunOptions.schema().current(run, .run, in: RunDirectory.record)
    }
    return record.plan
  }

  package static func read(at directory: String) throws -> RunRecord { try reading(directory).record }

  private static func reading(_ directory: String) throws -> (record: RunRecord, text: String) {
    let path = RunDirectory(path: directory).file(RunDirectory.record)
    guard let text = try SystemFile.text(path) else {
      throw PluginError.invalid(
        "\(path) does not exist: \(directory) is not the directory of a run",
        hint: "--resume takes the --output folder of the run")
    }
    do {
      return (try JSON.decode(from: text, what: path), text)
    } catch let error as PluginError {
      throw PluginError.badData(
        "\(error.message): the record of the run is damaged or has another version",
        hint: "start a new run in another --output, or here with --overwrite")
    }
  }

  package mutating func startSession(on place: ModelPlace = ModelPlace()) {
    sessions.append(
      Session(
        started: Self.time(), ended: nil, machine: .current, outcome: nil, device: place.device,
        precision: place.precision))
  }

  package mutating func endSession(_ outcome: String) {
    guard !sessions.isEmpty else { return }
    sessions[sessions.count - 1].ended = Self.time()
    sessions[sessions.count - 1].outcome = outcome
  }

  /// Now, in the form of RFC 3339.
  private static func time() -> String {
    var (now, parts) = (time_t(), tm())
    Glibc.time(&now)
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
