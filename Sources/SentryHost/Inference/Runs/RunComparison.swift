import SentryPluginAPI
import SentryRuntime

/// Whether the numbers of runs can be held against each other, and in what their settings differ.
package struct RunComparison {
  package let runs: [RunSummary]
  /// The runs' names: the ends of their paths, as long as they need to be to differ.
  package let labels: [String]
  /// Why the numbers are not of the same thing; empty where they are comparable.
  package private(set) var obstacles: [String] = []
  /// Those of them that are about the data themselves, whatever samples of them a run took.
  private(set) var dataObstacles: [String] = []
  /// What differs and does no harm to a comparison, but explains it.
  private(set) var remarks: [String] = []
  /// Options of components and run that are not the same everywhere, each with a value for every run.
  private(set) var options: [(name: String, values: [String])] = []

  /// Of each run, its components with their options in the words of today.
  private let components: [[(kind: String, name: String, options: [String: JSONValue])]]

  /// - Parameter schema: the options of a component by kind and name, where it is at hand: runs of different versions are then
  ///   compared under the same names, with the defaults of options that the older version did not have.
  package init(_ runs: [RunSummary], schema: (_ kind: String, _ name: String) -> OptionSchema? = { _, _ in nil }) {
    self.runs = runs
    components = runs.map { run in
      run.plan.components.map { component in
        let recorded = component.choice.options.objectValue ?? [:]
        let current = schema(component.kind, component.choice.name)?.upToDate(recorded)
        return (component.kind, component.choice.name, current ?? recorded)
      }
    }
    labels = Self.labels(runs.map(\.directory))
    dataObstacles = differencesOfData()
    obstacles = dataObstacles + sideObstacles()
    if obstacles.isEmpty, let seeds = differing({ String($0.plan.run.seed) }) {
      remarks.append("the seeds differ (\(seeds)) but not the samples: part of the difference is chance")
    }
    if let cpus = differing({ $0.cpu ?? "unknown" }) {
      remarks.append("times were measured on different machines (\(cpus))")
    }
    if let places = differing({ $0.place.isCPU ? "the CPU" : $0.place.device ?? "" }) {
      remarks.append("the models computed on different devices (\(places)): equal settings give nearly equal numbers")
    }
    if let precisions = differing({ $0.place.precision ?? "not stated" }) {
      remarks.append("the models computed in different precisions (\(precisions))")
    }
    let unfinished = zip(runs, labels).filter { $0.0.state != .finished && $0.0.state != .stoppedEarly }
    if !unfinished.isEmpty {
      let places = unfinished.map { "\($1) \($0.progress)" }
      remarks.append("not all runs are finished: \(places.joined(separator: "; "))")
    }
    options = differingOptions()
  }

  var isComparable: Bool { obstacles.isEmpty }

  /// The values of the runs where they are not all the same.
  private func differing(_ value: (RunSummary) -> String) -> String? { Self.differing(runs.map(value)) }

  private static func differing(_ all: [String]) -> String? {
    var values: [String] = []
    for next in all where !values.contains(next) { values.append(next) }
    return values.count > 1 ? values.joined(separator: "; ") : nil
  }

  private func differencesOfData() -> [String] {
    if let names = differing({ $0.plan.dataset.name }) { return ["the datasets differ: \(names)"] }
    var found: [String] = []
    if let paths = differing({ $0.plan.run.data ?? "none" }) { found.append("the data differ: \(paths)") }
    let classes = differing { run in
      run.record.data.train.tasks.map { "\($0.name) (\($0.classes.joined(separator: ", ")))" }.joined(separator: ", ")
    }
    if let classes { found.append("tasks or classes differ: \(classes)") }
    let options = components.map { $0.first { $0.kind == ComponentKind.dataset.rawValue }?.options ?? [:] }
    if let texts = Self.differing(options.map(Self.withoutPaths)) {
      found.append("the options of the dataset differ: \(texts)")
    }
    return found
  }

  private func sideObstacles() -> [String] {
    func side(_ name: String, _ side: (RunSummary) -> DataSummary.Side) -> String? {
      // Older records have no fingerprint: then only counts are left to compare.
      let knows = runs.allSatisfy { side($0).fingerprint != nil }
      let isSame = differing { (knows ? side($0).fingerprint : nil) ?? "\(side($0).tasks.map(\.counts))" } == nil
      guard !isSame else { return nil }
      return "the \(name) samples differ: \(runs.map { String(side($0).samples) }.joined(separator: "; "))"
    }
    var found = [side("training", { $0.record.data.train }), side("validation", { $0.record.data.validation })]
      .compactMap(\.self)
    if let limits = differing({ $0.plan.run.limit.map(String.init) ?? "none" }) {
      found.append("--limit differs: \(limits)")
    }
    // Where the dataset brings its own validation split these two change nothing, and the samples are the same.
    guard !found.isEmpty else { return [] }
    if let shares = differing({ "\($0.plan.run.valFraction)" }) { found.append("run.val-fraction differs: \(shares)") }
    if let seeds = differing({ String($0.plan.run.seed) }) { found.append("the seeds differ: \(seeds)") }
    return found
  }

  private static func withoutPaths(_ options: [String: JSONValue]) -> String {
    let members = options.filter { $0.key != OptionSchema.pathOption && $0.key != "seed" }
    return (try? JSON.text(JSONValue.object(members))) ?? ""
  }

  private func differingOptions() -> [(name: String, values: [String])] {
    let all = zip(runs, components).map { run, components -> [String: String] in
      var values: [String: String] = [:]
      func add(_ scope: String, _ options: [String: JSONValue]) {
        for (name, value) in options where value != .null {
          values["\(scope).\(name)"] = value.typed ?? ""
        }
      }
      add("run", run.plan.run.values)
      for component in components {
        values[component.kind] = component.name
        add(component.kind, component.options)
      }
      return values
    }
    // Where a run is and how long its epochs were told to be is in the table already.
    let known: Set = ["run.output", "model", "dataset"]
    return Set(all.flatMap(\.keys)).subtracting(known).sorted().compactMap { name in
      let values = all.map { $0[name] ?? "–" }
      return Set(values).count > 1 ? (name, values) : nil
    }
  }

  package static func labels(_ paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/").map(String.init).filter { $0 != "." } }
    func ends(_ count: Int) -> [String] { parts.map { $0.suffix(count).joined(separator: "/") } }
    let longest = parts.map(\.count).max() ?? 1
    let count = (1...max(longest, 1)).first { Set(ends($0)).count == paths.count } ?? longest
    return zip(ends(count), paths).map { $0.isEmpty ? $1 : $0 }
  }
}
