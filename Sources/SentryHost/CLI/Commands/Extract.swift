import ArgumentParser
import CSentryPlugin
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes features of those in videos as sequences to train on.",
    discussion: """
      A source is a video, a folder or a pattern of videos, a folder of pictures, or what another program found: a CSV file of \
      landmarks (MediaPipe) or a folder of OpenPose's JSON files. The output is a folder with \
      sequences/NAME.npy, float32 [rows, values]; labels.json, to be filled in before training; and index.csv with what became \
      of every frame.

      Each frame is a row. A frame without the person repeats the last row if that person is out of sight for at most half \
      a second; a longer gap ends the sequence, and NAME_2.npy follows. Sequences of one row are dropped, and the summary says so.

      After an interruption, the same command goes on; complete sources are not read again.
      """)

  @OptionGroup var global: GlobalOptions

  @Argument(help: "Videos, folders or patterns.", completion: .file()) var sources: [String]

  @Option(help: "The folder for the sequences.", completion: .directory) var output: String

  @Option(
    help: ArgumentHelp(
      "What to compute from the keypoints; default: the only features, or those of a recipe.",
      valueName: "name"))
  var features: String?

  @Flag(help: "Write x, y, z and visibility of all keypoints instead of features.") var landmarks =
    false

  @Option(
    help: ArgumentHelp(
      "What finds the keypoints; default: the detector that a recipe uses before these features.",
      valueName: "name"))
  var detector: String?

  @Option(
    help: ArgumentHelp(
      "Rows per second: take the frame nearest to each tick of the source's clock; default: every frame.",
      valueName: "n"))
  var fps: Double?

  @Option(
    help: ArgumentHelp(
      """
      Whom to follow: the one with the largest box in the first second, and after a gap the one then largest; all, in \
      sequences of their own; or one, by the number in the column person of index.csv.
      """, valueName: "largest|all|number"))
  var person = PersonRule.largest

  @Option(
    help: "The video file to write, with what was found drawn on it; of one source.",
    completion: .file(extensions: ["mp4"]))
  var preview: String?

  @OptionGroup var files: LandmarkFlags

  @Option(
    help: ArgumentHelp("Skip up to N unreadable sources instead of stopping.", valueName: "n"))
  var skipBad = 0

  @Option(help: ArgumentHelp("Compute threads; 0: one per CPU core.", valueName: "n")) var threads =
    0

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "An option of a detector, features or video; repeatable.", valueName: "detector.option=value")
  )
  var settings: [String] = []

  @Flag(help: "Replace the output folder; its labels are kept as labels.previous.json.")
  var overwrite = false

  func validate() throws {
    if landmarks, features != nil {
      throw ValidationError("--landmarks and --features exclude each other")
    }
    if let fps, !(fps > 0 && fps <= 1000) {
      throw ValidationError("--fps is \(fps) but must be more than 0 and at most 1000")
    }
    if threads < 0 { throw ValidationError("--threads is \(threads) but must be at least 0") }
    if skipBad < 0 { throw ValidationError("--skip-bad is \(skipBad) but must be at least 0") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let (output, preview) = (OutputPlace(output), preview.map { OutputPlace($0).place })
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: threads)
    let registry = Registry(try global.discover())
    let parts = try LiveParts(registry, settings: settings)
    let sources = try LandmarkFrames.recordings(in: ExtractionSources.expand(sources, isVideo: parts.isVideo))
    guard preview == nil || sources.count == 1 else {
      throw PluginError.invalid(
        "--preview shows one source, and there are \(sources.count)", hint: "leave it out")
    }
    if preview != nil, let files = sources.first, files.isLandmarks {
      throw PluginError.invalid(
        "--preview: \(files.source.path) has no pictures", hint: "leave it out")
    }
    if !sources.contains(where: \.isLandmarks), let unused = files.given.first {
      throw PluginError.invalid(
        "\(unused) has no effect: no source is a file of landmarks", hint: "leave it out")
    }
    let rows = try ExtractionRows(self, sources, registry, parts)
    let folder = try ExtractionFolder(
      output.place, settings: rows.settings, values: rows.names, overwrite: overwrite)
    let extraction = Extraction(options: .init(rate: fps, person: person), folder: folder)
    var summary = ExtractionSummary(instances: rows.instances)
    let end = Result {
      try extract(sources, folder, &summary) { recording in
        let source = recording.source
        guard !recording.isLandmarks else {
          let frames = try LandmarkFrames(source.path, files.options, rate: fps)
          return try extraction.extract(
            source, frames, values: try rows.values(of: frames.keypoints, from: source.path))
        }
        let frames = try VideoFrames(
          source.path, detector: rows.detector, parts: parts, rate: fps, preview: preview,
          overwrite: overwrite)
        return try extraction.extract(
          source, frames, values: try rows.values(of: rows.keypoints, from: rows.detector))
      }
    }
    // What is complete is kept, whatever happened to the rest.
    let unknown = try folder.finish()
    for note in extraction.notes { Logger.host.warning("\(note)") }
    if let first = unknown.first {
      let files = NumberText.counted(unknown.count, "file")
      Logger.host.warning(
        "\(output.path)/sequences holds \(files) of no source, for example \(first).npy")
    }
    if !summary.isEmpty { Console.result(summary.text(output.path)) }
    try end.get()
  }

  private func extract(
    _ sources: [LandmarkFrames.Recording], _ folder: ExtractionFolder,
    _ summary: inout ExtractionSummary,
    _ body: (LandmarkFrames.Recording) throws -> SourceRecord
  ) throws {
    for (number, recording) in sources.enumerated() {
      let source = recording.source
      if let record = folder.record(of: source.origin) {
        guard preview == nil else {
          throw PluginError.invalid(
            "\(source.path) is in \(output) already: there is nothing to preview",
            hint: "--overwrite")
        }
        summary.add(record, source: source.path, isOld: true)
        continue
      }
      do {
        summary.add(try body(recording), source: source.path, isOld: false)
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
        guard summary.skipped.count < skipBad else {
          let more =
            skipBad > 0 ? "; more sources are unreadable than --skip-bad \(skipBad) allows" : ""
          throw PluginError(
            error.message + more,
            hint: (error.hint.map { "\($0); " } ?? "")
              + "--skip-bad N skips up to N unreadable sources",
            code: error.code)
        }
        summary.skip(source.path, error)
      }
      if sources.count > 1 {
        ProgressReports.shared.report("sources", done: number + 1, total: sources.count)
      }
    }
  }
}

extension PersonRule: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "largest": self = .largest
    case "all": self = .all
    default:
      guard let id = Int(argument), id >= 0 else { return nil }
      self = .id(id)
    }
  }
}
