import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The flags of recipes that are about data, where a trained model is used on other data: see ``RecipeFlags``.
struct DatasetFlags: ParsableArguments, CustomReflectable {
  /// What was given, as `--set` would say it.
  private(set) var settings: [String] = []
  /// What was given by a recipe's own name for `--data`.
  private(set) var data: String?

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: RecipeFlags.Key.self)
    for flag in CommandContext.shared.datasetFlags {
      let key = RecipeFlags.Key(stringValue: flag.name)
      var text: String?
      if flag.kind == .boolean {
        let given = try container.decode(Flag<Bool>.self, forKey: key).wrappedValue
        let value = flag.value ?? true
        text = given ? try value.stringValue ?? JSON.text(value) : nil
      } else {
        text = try container.decode(Option<String?>.self, forKey: key).wrappedValue
      }
      guard let text else { continue }
      if flag.sets.contains(Self.path) { data = text }
      settings += flag.sets.filter(Self.isOfDataset).map { "\($0)=\(text)" }
    }
  }

  var customMirror: Mirror {
    Mirror(
      self,
      children: CommandContext.shared.datasetFlags.map { flag in
        (label: "_" + flag.name, value: RecipeFlags.declaration(of: flag))
      })
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
