import SentryExchange
import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// Begins a file for TensorBoard, and says in it what no longer holds of those before.
  func openBoard() throws -> TrainingBoard {
    let folder = directory.file(RunDirectory.events)
    try SystemFile.makeFolder(folder)
    let names = try directory.eventFiles().filter(EventFile.isOwn)
    // A process that was killed before it told anything left a file without contents.
    let isFirst = try names.allSatisfy { try WholeFile.start(of: "\(folder)/\($0)", count: 1).isEmpty }
    // A run that was killed may have told of the epoch that it is still in.
    let file = try EventFile(in: folder, besides: names, purging: isFirst ? nil : progress.epoch + 1)
    let wantsSamples = isFirst || progress.epoch == 0
    let board = TrainingBoard(
      file, environment, tasks: tasks, samples: wantsSamples && environment.gnuplot != nil ? sampleFigure : nil)
    if isFirst {
      // Of a run that did not tell until now.
      for epoch in progress.history.epochs {
        try board.write(scalarsOf: epoch, progress.history, progress.timing)
      }
    }
    if isFirst { try board.write(text: try boardText()) } else { try board.flush() }
    return board
  }

  /// A validation at the end of an epoch.
  func validateEpoch() throws -> EpochSums? {
    board?.beginValidation()
    return try validate { try board?.count($0, $1) }
  }

  /// The run's options as a table in Markdown.
  private func boardText() throws -> String {
    var rows = [("command", plan.command.joined(separator: " "))]
    func add(_ scope: String, _ options: JSONValue) throws {
      for (name, value) in (options.objectValue ?? [:]).sorted(by: { $0.key < $1.key }) {
        rows.append(("\(scope).\(name)", try value.stringValue ?? JSON.text(value)))
      }
    }
    try add("run", JSON.decode(from: JSON.text(record.plan.run), what: "the options of the run"))
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

  /// Some training samples of every class, as the dataset gives them; nil for samples that are no images.
  private func sampleFigure() -> Figure? {
    let sample = components.dataset.specification.sample
    guard sample.dtype == .uint8, sample.shape.count == 3 else { return nil }
    let task = tasks[scoredTasks[0]]
    let labels = partition.train.classes(ofTask: scoredTasks[0])
    var byClass = task.classes.indices.map { label in
      Array(labels.indices.lazy.filter { labels[$0] == label }.prefix(ContactSheet.limit))[...]
    }
    var positions: [Int] = []
    while positions.count < ContactSheet.limit, byClass.contains(where: { !$0.isEmpty }) {
      for label in byClass.indices where positions.count < ContactSheet.limit {
        if let next = byClass[label].popFirst() { positions.append(next) }
      }
    }
    let cells = positions.compactMap { position -> ContactSheet.Cell? in
      // A sample that cannot be read has been told by the training.
      guard
        let image = try? components.dataset.sample(at: partition.train.indices[position], in: partition.train.split),
        let thumbnail = ContactSheet.Thumbnail(image)
      else { return nil }
      return .init(
        thumbnail: thumbnail, caption: [(FigureText.short(task.classes[labels[position]], 17), true)])
    }
    return cells.isEmpty
      ? nil
      : ContactSheet.sheet(
        cells, heading: "\(FigureText.short(task.name, 30)): training samples", title: "Training samples",
        name: "samples")
  }
}
