import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The flags of recipes that are about data, where a trained model is used on other data: see ``DeclaredFlag``.
struct DatasetFlags: ParsableArguments, CustomReflectable {
  /// What was given, as `--set` would say it.
  private(set) var settings: [String] = []
  /// What was given by a recipe's own name for `--data`.
  private(set) var data: String?

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: DeclaredFlag.Key.self)
    for flag in CommandContext.shared.datasetFlags {
      guard let given = try flag.declared().given(in: container) else { continue }
      let value = flag.value ?? true
      let text = try given ?? value.stringValue ?? JSON.text(value)
      if flag.sets.contains(Self.path) { data = text }
      settings += flag.sets.filter(Self.isOfDataset).map { "\($0)=\(text)" }
    }
  }

  var customMirror: Mirror {
    Mirror(self, children: CommandContext.shared.datasetFlags.map { $0.declared().child })
  }

  /// The option that `--data` sets.
  private static let path = "run.data"

  static func isOfDataset(_ address: String) -> Bool { address.hasPrefix("\(OptionScope.dataset.rawValue).") }

  /// Those of all recipes, each name once, but for names that are taken.
  static func flags(of recipes: [Recipe], reserved: Set<String>) -> [Recipe.Flag] {
    var seen = reserved
    return recipes.filter { $0.flagProblem(reserved: []) == nil }.flatMap(\.flags)
      .filter { $0.sets.contains { isOfDataset($0) || $0 == path } && seen.insert($0.name).inserted }
  }
}
