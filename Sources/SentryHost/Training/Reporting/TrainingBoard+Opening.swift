import SentryExchange
import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

extension TrainingBoard {
  /// Begins a file for TensorBoard, and says in it what no longer holds of those before.
  static func open(for run: TrainingRun) throws -> TrainingBoard {
    let (environment, progress) = (run.environment, run.progress)
    let folder = run.directory.file(RunDirectory.events)
    try SystemFile.makeFolder(folder)
    let names = try run.directory.eventFiles().filter(EventFile.isOwn)
    // A process that was killed before it told anything left a file without contents.
    let isFirst = try names.allSatisfy { try WholeFile.start(of: "\(folder)/\($0)", count: 1).isEmpty }
    // A run that was killed may have told of the epoch that it is still in.
    let file = try EventFile(in: folder, besides: names, purging: isFirst ? nil : progress.epoch + 1)
    let wantsSamples = environment.gnuplot != nil && (isFirst || progress.epoch == 0)
    let (dataset, samples, task) = (run.components.dataset, run.partition.train, run.scoredTasks[0])
    let board = TrainingBoard(
      file, environment, tasks: run.tasks,
      samples: wantsSamples ? { ContactSheet.training(samples, of: dataset, task: task) } : nil)
    guard isFirst else {
      try board.flush()
      return board
    }
    // Of a run that did not tell until now.
    for epoch in progress.history.epochs {
      try board.write(scalarsOf: epoch, progress.history, progress.timing)
    }
    try board.write(text: try optionsText(run.plan, settled: run.record.plan.run))
    return board
  }

  /// The run's options as a table in Markdown.
  private static func optionsText(_ plan: RunPlan, settled options: RunOptions) throws -> String {
    var rows = [("command", plan.command.joined(separator: " "))]
    func add(_ scope: String, _ options: JSONValue) throws {
      for (name, value) in (options.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
        rows.append(("\(scope).\(name)", try value.stringValue ?? JSON.text(value)))
      }
    }
    try add("run", JSON.decode(from: JSON.text(options), what: "the options of the run"))
    for component in plan.components {
      rows.append((component.kind, component.choice.title))
      try add(component.kind, component.choice.options)
    }
    // By scalars: a mark that follows a bar would hide it from a search for characters.
    func cell(_ text: String) -> String {
      String(
        String.UnicodeScalarView(
          text.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            if scalar.isUnfitForDisplay { return [" "] }
            return scalar == "\\" || scalar == "|" ? ["\\", scalar] : [scalar]
          }))
    }
    return "| option | value |\n| --- | --- |\n"
      + rows.map { "| \(cell($0.0)) | \(cell($0.1)) |\n" }.joined()
  }
}

extension ContactSheet {
  /// Some training samples of every class, as the dataset gives them; nil for samples that are no images.
  fileprivate static func training(_ samples: SampleList, of dataset: ImportedDataset, task index: Int) -> Figure? {
    let sample = dataset.specification.sample
    guard sample.dtype == .uint8, sample.shape.count == 3 else { return nil }
    let task = dataset.specification.tasks[index]
    let labels = samples.classes(ofTask: index)
    var byClass = task.classes.indices.map { label in
      Array(labels.indices.lazy.filter { labels[$0] == label }.prefix(limit))[...]
    }
    var positions: [Int] = []
    while positions.count < limit, byClass.contains(where: { !$0.isEmpty }) {
      for label in byClass.indices where positions.count < limit {
        if let next = byClass[label].popFirst() { positions.append(next) }
      }
    }
    let cells = positions.compactMap { position -> Cell? in
      // A sample that cannot be read has been told by the training.
      guard
        let image = try? dataset.sample(at: samples.indices[position], in: samples.split),
        let thumbnail = Thumbnail(image)
      else { return nil }
      return .init(
        thumbnail: thumbnail, caption: [(FigureText.short(task.classes[labels[position]], 17), true)])
    }
    return cells.isEmpty
      ? nil
      : sheet(
        cells, heading: "\(FigureText.short(task.name, 30)): training samples", title: "Training samples",
        name: "samples")
  }
}
