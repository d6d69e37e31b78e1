import SentryPluginAPI
import SentryRuntime

/// Models held against each other by the stored answers of their runs.
package struct ModelComparison: Sendable {
  package let models: [ComparedModel]
  package let tasks: [TaskComparison]
  package let draws: Int
  package let seed: UInt64
  package let command: [String]
  /// What the reader must know of the numbers.
  package let notes: [String]

  /// How many times the bootstrap draws where nobody says.
  package static let usualDraws = 10_000

  /// - Parameters:
  ///   - models: the first is what the others are held against; each with the same seeds.
  ///   - remarks: on the runs.
  /// - Throws: ``PluginError`` where the evaluations of a seed are not of the same samples.
  package init(
    _ models: [ComparedModel], remarks: [String] = [], draws: Int = Self.usualDraws, seed: UInt64 = 42,
    command: [String]
  ) throws {
    let evaluations = models.map { $0.runs.map(\.evaluation) }
    for model in models.dropFirst() {
      for (run, first) in zip(model.runs, models[0].runs) {
        if let difference = run.evaluation.difference(fromSamplesOf: first.evaluation) {
          throw RunGroups.refusal(["\(first.label) and \(run.label): \(difference)"])
        }
      }
    }
    let untrained = Set(evaluations.flatMap(\.self).flatMap(\.untrainedTasks))
    let names = (evaluations.first?.first?.tasks ?? []).map(\.name).filter { !untrained.contains($0) }
    tasks = names.compactMap { TaskComparison($0, evaluations, draws: draws, seed: seed) }
    guard !tasks.isEmpty else {
      throw PluginError.badData(
        "there is nothing to compare: no task was trained in all runs and has labels in the split",
        hint: "check the data's labels, or name another --split")
    }
    var notes: [String] = []
    for note in evaluations.flatMap(\.self).flatMap(\.notes) + remarks where !notes.contains(note) {
      notes.append(note)
    }
    if !untrained.isEmpty {
      notes += untrained.sorted().map { "Not compared: \(UntrainedTask.note($0))" }
    }
    if models.first?.runs.count == 1 {
      notes.append("One seed: what another seed would give is not known, and the tests are about the samples alone.")
    }
    if tasks.contains(where: { !$0.isCrossed }) {
      notes.append("Each seed has samples of its own: they are not drawn together over the seeds.")
    }
    (self.models, self.draws, self.seed, self.command, self.notes) = (models, draws, seed, command, notes)
  }

  package var seeds: [UInt64] { models.first?.runs.map(\.seed) ?? [] }
  var split: String { models.first?.runs.first?.evaluation.origin.split ?? "" }
}
