import Glibc
import SentryFormats
import SentryPluginAPI

extension Predict {
  /// `--mc-dropout`: mean probabilities and how far they spread.
  func sample(_ trained: TrainedModel, _ arrays: InputArrays) throws {
    let source = MonteCarlo(model: trained, answers: samples, seed: seed)
    var all = trained.tasks.map { _ in MonteCarlo.Prediction(mean: [], deviation: []) }
    for first in stride(from: 0, to: arrays.names.count, by: batchSize) {
      let part = try source.predict(arrays.batch(from: first, count: batchSize), batch: first / batchSize)
      for (task, prediction) in part.enumerated() {
        all[task].mean += prediction.mean
        all[task].deviation += prediction.deviation
      }
    }
    if let output { try write(all, of: trained.tasks, samples: arrays.names.count, to: output) }
    for (task, prediction) in zip(trained.tasks, all) { printTable(task, prediction, arrays.names) }
  }

  private func write(
    _ predictions: [MonteCarlo.Prediction], of tasks: [ClassificationTask], samples: Int, to folder: String
  ) throws {
    try SystemFile.makeFolder(folder)
    let files = zip(tasks, predictions).flatMap { task, prediction in
      [("probabilities", prediction.mean), ("deviations", prediction.deviation)].map {
        (path: "\(folder)/\(task.name)_\($0).npy", values: $1.map(Float.init), classes: task.classes.count)
      }
    }
    for file in files where !overwrite && access(file.path, F_OK) == 0 {
      throw PluginError.invalid("\(file.path) exists", hint: "give another --output, or --overwrite")
    }
    for file in files { try NPYFile.write(StoredTensor(file.values, shape: [samples, file.classes]), to: file.path) }
  }

  private func printTable(_ task: ClassificationTask, _ prediction: MonteCarlo.Prediction, _ names: [String]) {
    let classes = task.classes.count
    Console.result(
      (["sample", "task", "predicted"] + task.classes.map { "p_\($0)" } + task.classes.map { "sd_\($0)" })
        .joined(separator: ","))
    for (row, name) in names.enumerated() {
      let range = row * classes..<(row + 1) * classes
      let (mean, deviation) = (Array(prediction.mean[range]), Array(prediction.deviation[range]))
      let best = mean.firstIndex(of: mean.max() ?? 0) ?? 0
      let numbers = (mean + deviation).map { "\(Float($0))" }
      Console.result(([Self.quoted(name), task.name, task.classes[best]] + numbers).joined(separator: ","))
    }
  }

  /// A field of CSV (RFC 4180).
  static func quoted(_ name: String) -> String {
    name.contains { $0 == "," || $0 == "\"" || $0 == "\n" } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
  }
}
