import SentryPluginAPI
import SentryRuntime

/// The samples on which a model and the first one disagree most, as small pictures.
struct DisagreementSheet: Sendable {
  let task: String
  /// Of the models.
  let model: Int
  let cells: [ContactSheet.Cell]

  /// Those of all models and tasks; none where samples are no pictures.
  /// - Parameter dataset: makes the dataset of an evaluation.
  static func all(
    of comparison: ModelComparison, dataset: (StoredEvaluation) throws -> ImportedDataset
  ) throws -> [DisagreementSheet] {
    var datasets: [Int: ImportedDataset] = [:]
    func made(_ disagreement: Disagreement, _ evaluation: StoredEvaluation) throws -> ImportedDataset {
      let seed = disagreement.seed ?? 0
      if let known = datasets[seed] { return known }
      let new = try dataset(evaluation)
      datasets[seed] = new
      return new
    }
    var sheets: [DisagreementSheet] = []
    for task in comparison.tasks {
      for pair in task.pairs {
        var cells: [ContactSheet.Cell] = []
        for disagreement in pair.disagreements.prefix(ContactSheet.limit) {
          guard let evaluation = comparison.evaluation(of: disagreement), let split = Split(title: evaluation.readFrom)
          else { continue }
          let dataset = try made(disagreement, evaluation)
          let sample = try dataset.sample(at: evaluation.indices[disagreement.position], in: split)
          guard let thumbnail = ContactSheet.Thumbnail(sample) else { continue }
          cells.append(.init(thumbnail: thumbnail, caption: caption(disagreement, task.task.classes)))
        }
        if !cells.isEmpty { sheets.append(DisagreementSheet(task: task.task.name, model: pair.model, cells: cells)) }
      }
    }
    return sheets
  }

  /// The true class, then what either model says; who is right stands out.
  private static func caption(_ disagreement: Disagreement, _ classes: [String]) -> [(text: String, isStrong: Bool)] {
    func line(_ number: Int, _ answers: [Int]) -> (text: String, isStrong: Bool) {
      let (answer, votes) = mostFrequent(answers)
      let share = answers.count > 1 ? " \(votes)/\(answers.count)" : ""
      return ("\(number): \(FigureText.short(classes[answer], 13))\(share)", answer == disagreement.truth)
    }
    return [
      (FigureText.short(classes[disagreement.truth], 19), false), line(1, disagreement.first),
      line(2, disagreement.other),
    ]
  }

  /// The first of several.
  static func mostFrequent(_ answers: [Int]) -> (answer: Int, votes: Int) {
    let counted = answers.map { answer in (answer: answer, votes: answers.count { $0 == answer }) }
    let most = counted.map(\.votes).max() ?? 0
    return counted.first { $0.votes == most } ?? (0, 0)
  }
}
