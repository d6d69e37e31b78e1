import SentryPluginAPI
import SentryRuntime

/// What of a trained model is otherwise than its file states: another component, other options.
package struct ModelUse: Sendable {
  /// The component that takes the place of the recorded one.
  var component: String?
  /// Options of the model.
  var settings: [OptionAssignment] = []

  /// As the file states it.
  package static let asTrained = ModelUse()

  private init() {}

  /// - Parameter settings: of `--set`; those of the model are taken out, the others are for the caller.
  package init(component: String?, takingFrom settings: inout [String]) throws {
    self.component = component
    let prefix = "\(OptionScope.model.rawValue)."
    self.settings = try settings.filter { $0.hasPrefix(prefix) }.map(OptionAssignment.setting)
    settings.removeAll { $0.hasPrefix(prefix) }
  }

  package var isAsTrained: Bool { component == nil && settings.isEmpty }

  /// For models that are used together: an option goes to those that have it.
  package var amongSeveral: ModelUse {
    var use = self
    use.isAmongSeveral = true
    return use
  }
  private var isAmongSeveral = false

  /// What of it is for a component of this schema.
  /// - Throws: ``PluginError`` for files of weights, which a trained model does not start from.
  func settings(for schema: OptionSchema) throws -> [OptionAssignment] {
    try settings.filter { setting in
      let property = schema.property(called: setting.name)
      guard property?.isPath != true else {
        throw PluginError.invalid(
          "\(setting.source): the weights of a trained model are those of its file", hint: "leave it out")
      }
      return property != nil || !isAmongSeveral
    }
  }

  /// Throws where none of several models has an option that was set.
  package func checkUsed(by models: [TrainedModel], _ registry: Registry) throws {
    let schemas = try models.map { try registry.entry(.model, $0.choice.name).schema() }
    for setting in settings where !schemas.contains(where: { $0.property(called: setting.name) != nil }) {
      throw PluginError.invalid(
        "\(setting.source): none of the models has the option '\(setting.name)'",
        hint: "sentry plugins inspect NAME shows the options")
    }
  }
}
