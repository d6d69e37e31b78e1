import ArgumentParser
import CSentryPlugin
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs trained models on a camera, a video or pictures.",
    discussion: """
      Each checkpoint states what feeds its model: a detector, and the picture of what it finds or its features over time. A model \
      that was trained on embeddings is fed by the model that computed them; give both. All models share the detectors.

      Of a camera or a stream, frames are skipped to keep pace; of a file, never. Without --headless and --serve a window shows \
      the frames: space pauses, s steps, q quits. Nothing is stored without --output or --jsonl, and nothing leaves the machine.

      --serve shows them in browsers on this machine. A video begins when the first one looks. With --bind other machines may look, \
      too: whoever has the printed address with its token sees the pictures, which travel unencrypted.

      Probabilities are those of the models; only --smoothing averages them over time.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(
    name: [.customLong("model"), .customLong("trained-model")],
    help: "A checkpoint: .pth or safetensors; repeatable.", completion: .file())
  var models: [String] = []

  @OptionGroup var use: ModelFlags

  @Option(
    help: ArgumentHelp(
      "The number of a camera, a video file, a picture, a folder or a pattern of pictures, or a URL.",
      valueName: "source"), completion: .file())
  var source = "0"

  @Option(help: "The video file to write, with everything drawn on it.", completion: .file(extensions: ["mp4"]))
  var output: String?

  @Option(help: "The file to write, one JSON object per frame.", completion: .file(extensions: ["jsonl"]))
  var jsonl: String?

  @Flag(help: "Show no window.") var headless = false

  @OptionGroup var serving: ServingOptions

  @Flag(help: "List the cameras, with the reason if one does not open.") var listCameras = false

  @Option(help: ArgumentHelp("Models of pictures predict every n-th frame.", valueName: "n")) var stride = 1

  @Option(
    help: ArgumentHelp(
      "Average the probabilities of each instance over time (exponentially); 0: do not.", valueName: "seconds"))
  var smoothing = 0.0

  @Flag(help: "Turn each cut-out so that the two keypoints that the checkpoint names are level.") var align = false

  @Option(help: ArgumentHelp("Stop after so many frames; 0: at the end.", valueName: "n")) var frames = 0

  @Option(help: "Compute threads; 0: one per CPU core.") var threads = 0

  @Flag(help: "Replace existing output files.") var overwrite = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "An option of a model, a detector, features or video; repeatable.", valueName: "scope.option=value"))
  var settings: [String] = []

  func validate() throws {
    if models.isEmpty && !listCameras { throw ValidationError("--model is missing: give a checkpoint") }
    if use.component != nil && models.count > 1 {
      throw ValidationError(
        "--model-component is for one --model; sentry export --format safetensors writes a checkpoint for another component"
      )
    }
    if stride < 1 { throw ValidationError("--stride is \(stride) but must be at least 1") }
    if !(smoothing >= 0 && smoothing.isFinite) {
      throw ValidationError("--smoothing is \(smoothing) but must be at least 0 seconds")
    }
    if frames < 0 { throw ValidationError("--frames is \(frames) but must be at least 0") }
    if threads < 0 { throw ValidationError("--threads is \(threads) but must be at least 0") }
    try serving.check()
  }

  func run() throws {
    try serving.handOver()
    TerminalLog.bootstrap(verbose: global.verbose)
    let (output, jsonl) = (output.map(OutputPlace.init), jsonl.map(OutputPlace.init))
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: threads)
    let registry = Registry(try global.discover(), device: use.place.choice)
    var settings = settings
    let use = try use.use(takingFrom: &settings)
    let parts = try LiveParts(registry, settings: settings)
    let video = try parts.video.get()
    guard !listCameras else { return try CameraTable.print(video.cameras()) }
    if headless, serving.serve == nil, output == nil, jsonl == nil {
      Logger.host.warning("nothing shows or keeps the answers: --jsonl FILE, --output FILE or --serve does")
    }
    // A port in use is told before models are loaded.
    let server = try serving.start()
    defer { server?.stop() }
    let trained = try models.map { try load($0, registry, models.count > 1 ? use.amongSeveral : use) }
    try use.checkUsed(by: trained, registry)
    let pipeline = try LivePipeline(
      trained, options: LiveOptions(aligned: align, stride: stride, smoothing: smoothing), registry: registry,
      parts: parts)
    let stream = try FrameStream(video.open(source))
    defer { stream.stop() }
    let sinks = try sinks(video, stream.specification, server, output: output?.place, jsonl: jsonl?.place)
    server?.announce(isLive: stream.specification.live)
    let loop = LiveLoop(stream: stream, pipeline: pipeline, video: video, sinks: sinks, limit: frames)
    let summary = try loop.run()
    for note in stream.notes { Logger.host.warning("\(source): \(note)") }
    Console.result(summary.text)
    let isOver = stream.specification.live || (frames > 0 && summary.frames == frames)
    if let server, !isOver, !HostState.shared.isCancelled { return server.linger() }
    if HostState.shared.isCancelled { throw PluginError("stopped by the user", code: SENTRY_CANCELLED) }
  }

  private func load(_ path: String, _ registry: Registry, _ use: ModelUse) throws -> TrainedModel {
    let trained = try TrainedModel(path, registry: registry, use: use)
    tellDevice(of: trained.model)
    for note in try trained.notes + [trained.noteOnUntrainedTasks()].compactMap(\.self) {
      Logger.host.warning("\(note)")
    }
    return trained
  }

  private func sinks(
    _ video: ImportedVideoBackend, _ specification: VideoSpecification, _ server: (any LiveServing)?, output: String?,
    jsonl: String?
  ) throws -> [any LiveSink] {
    var sinks: [any LiveSink] = []
    if let jsonl { sinks.append(try JSONLinesSink(jsonl, overwrite: overwrite)) }
    if let output { sinks.append(try VideoSink(output, video, rate: specification.rate ?? 30, overwrite: overwrite)) }
    if let server {
      sinks.append(
        server.sink(source: SourceName.shown(source), isLive: specification.live) {
          try video.jpeg(of: $0, quality: 80).array(of: UInt8.self)
        })
    }
    if !headless && server == nil {
      sinks.append(WindowSink(video, title: "sentry demo: \(source)", isLive: specification.live))
    }
    return sinks
  }
}
