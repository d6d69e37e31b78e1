import CSentryPlugin
import SentryPluginAPI

extension Registry {
  package struct Score {
    var name: String
    var score: Int
  }

  /// How well a path looks like each dataset's data, best first. Loads the plugins of the datasets that can tell.
  package func scores(of path: String, but excluded: String? = nil) throws -> [Score] {
    try entries(.dataset).filter { $0.declaration.scoresPaths && $0.declaration.name != excluded }
      .compactMap { entry in try score(of: path, by: entry).map { Score(name: entry.declaration.name, score: $0) } }
      .sorted { ($1.score, $0.name) < ($0.score, $1.name) }
  }

  /// nil where paths mean nothing to the dataset.
  package func score(of path: String, by entry: Entry) throws -> Int? {
    let factory = try load(entry).factory(entry.kind, entry.declaration.name)
    guard let score = factory.pointee.score else { return nil }
    return min(max(Int(score(factory, path)), 0), 100)
  }

  /// The name that stands for the dataset that recognises the data.
  package static let autoDataset = "auto"

  /// The dataset that a path looks most like: `--dataset auto`.
  package func recognise(_ path: String) throws -> String {
    let scores = try scores(of: path)
    let list = scores.map { "\($0.name) \($0.score)" }.joined(separator: ", ")
    guard let best = scores.first, best.score > 0 else {
      throw PluginError.invalid(
        "--dataset auto: no dataset recognises \(path)" + (list.isEmpty ? "" : " (scores of 100: \(list))"),
        hint: "name the dataset with --dataset; sentry plugins list shows them")
    }
    guard scores.filter({ $0.score == best.score }).count == 1 else {
      throw PluginError.invalid(
        "--dataset auto: \(path) looks equally like several datasets (scores of 100: \(list))",
        hint: "name the dataset with --dataset")
    }
    return best.name
  }

  /// The score from which on a path is plainly data for a dataset.
  package static let plainScore = 50

  /// The one dataset that a path looks most like, where it looks more like that than like the dataset of this name.
  package func best(for path: String, over name: String) throws -> (entry: Entry, score: Int, own: Int)? {
    guard let current = find(.dataset, name), current.declaration.scoresPaths else { return nil }
    let scores = try scores(of: path)
    let own = scores.first { $0.name == name }?.score ?? 0
    guard let best = scores.first, best.score > own, scores.count(where: { $0.score == best.score }) == 1,
      let entry = find(.dataset, best.name)
    else { return nil }
    return (entry, best.score, own)
  }

  /// What to say where a path looks like another dataset's data rather than this one's; nil where it does not.
  /// - Parameter below: what this one must score at most for others to be asked.
  package func betterDataset(for path: String, than entry: Entry, below limit: Int = plainScore) throws -> (
    own: Int, hint: String
  )? {
    guard let own = try score(of: path, by: entry), own < limit,
      let best = try scores(of: path, but: entry.declaration.name).first, best.score > own
    else { return nil }
    return (own, "\(path) looks like \(best.name) (score \(best.score)); pass --dataset \(best.name)")
  }
}
