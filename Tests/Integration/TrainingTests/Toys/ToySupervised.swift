@testable import SentryPluginAPI
import SentryTestSupport
@testable import SentryRuntime
@testable import TrainerSupervised

/// The project's own trainer with the defaults of its options, but for some.
func supervisedTrainer(_ changes: [String: JSONValue] = [:]) throws -> SupervisedTrainer {
  let schema = try OptionSchema(
    OptionDeclaration.schema(SupervisedOptions.declarations + OptimizerOptions.declarations),
    what: "the trainer's schema")
  let options = schema.defaults.merging(changes) { $1 }
  return try SupervisedTrainer(Options(json: JSON.text(JSONValue.object(options))), host: TestHost.host)
}
