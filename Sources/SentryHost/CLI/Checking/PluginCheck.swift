import SentryPluginAPI
import SentryPluginTestKit
import SentryRuntime

/// One check of a plugin's file or of one of its components, as `sentry plugins check` runs it in a process of its own.
struct PluginCheck: Sendable {
  /// `file.loads`, `model.gradients`
  let name: String
  /// Strictness N runs the checks of levels 1 to N.
  let level: Int
  /// What holds, in one sentence.
  let statement: String
  /// What it looks at; nil: the file.
  let kind: ComponentKind?
  let run: @Sendable (_ plugin: CheckedPlugin, _ seed: UInt64) -> LawOutcome

  /// - Parameter test: throws a ``Finding`` where the statement does not hold.
  init(
    _ name: String, level: Int, _ statement: String, of kind: ComponentKind? = nil,
    test: @escaping @Sendable (CheckedPlugin) throws -> Void
  ) {
    self.init(name, level, statement, kind) { plugin, _ in Finding.outcome(of: name) { try test(plugin) } }
  }

  private init(
    _ name: String, _ level: Int, _ statement: String, _ kind: ComponentKind?,
    _ run: @escaping @Sendable (CheckedPlugin, UInt64) -> LawOutcome
  ) {
    (self.name, self.level, self.statement, self.kind, self.run) = (name, level, statement, kind, run)
  }

  /// All there are: those of the file, those of every component, and the laws of its kind.
  static let all: [PluginCheck] = {
    let parts: [[PluginCheck]] = [
      FileChecks.all, ComponentKind.allCases.flatMap { ComponentChecks.checks(of: $0) },
      laws(DatasetLaws.all, of: .dataset) { try $0.make() as ImportedDataset },
      laws(DamageLaws.all, of: .dataset) { try $0.files() },
      laws(AugmenterLaws.all, of: .augmenter) { try $0.make() as ImportedAugmenter },
      laws(ModelLaws.all, of: .model) { plugin in ModelMaker { try plugin.make(seed: $0) as ImportedModel } },
      laws(TrainerLaws.all, of: .trainer) { plugin in TrainerMaker { try plugin.make() as ImportedTrainer } },
    ]
    return parts.flatMap(\.self)
  }()

  private static func laws<Subject>(
    _ laws: [Law<Subject>], of kind: ComponentKind, subject: @escaping @Sendable (CheckedPlugin) throws -> Subject
  ) -> [PluginCheck] {
    laws.map { law in
      PluginCheck(law.name, law.level, law.statement, kind) { plugin, seed in
        do {
          _ = try ComponentChecks.made(plugin)
          return law.run(on: try subject(plugin), seed: seed)
        } catch {
          return Finding.outcome(of: law.name) { throw error }
        }
      }
    }
  }
}
