import SentryPluginAPI

/// When a component uses an option: while another option of it has, or has not, one of some values (`x-sentry-used-when`).
///
/// An option that is not set counts as `null`.
package struct OptionCondition: Sendable, Equatable {
  let option: String
  let values: [JSONValue]
  /// Whether the other option must have none of the values.
  let isNegated: Bool

  func holds(_ options: [String: JSONValue]) -> Bool { values.contains(options[option] ?? .null) != isNegated }

  /// `optimizer is sgd`, `pretrained is set`, `warm-up-epochs is not 0`.
  var text: String {
    if values == [.null] { return "\(option) is \(isNegated ? "set" : "not set")" }
    let words = values.map { $0.stringValue ?? ((try? JSON.text($0)) ?? "?") }
    return "\(option) is \(isNegated ? "not " : "")\(words.joined(separator: " or "))"
  }
}

extension OptionCondition {
  /// Reads `{"optimizer": ["sgd"], "pretrained": {"not": [null]}}`; all of them have to hold.
  static func conditions(_ value: JSONValue, _ place: String) throws -> [OptionCondition] {
    guard let members = value.objectValue else { throw PluginError.invalid("\(place) is not an object") }
    return try members.sorted { $0.key < $1.key }.map { option, accepted in
      let refused = accepted.objectValue.flatMap { $0.count == 1 ? $0["not"]?.arrayValue : nil }
      guard let values = accepted.arrayValue ?? refused, !values.isEmpty else {
        throw PluginError.invalid(
          "\(place): '\(option)' is neither an array of values nor {\"not\": [values]}", hint: "docs/plugin-border.md")
      }
      return OptionCondition(option: option, values: values, isNegated: refused != nil)
    }
  }
}

extension OptionProperty {
  /// What the option is, and when it is used.
  package var fullHelp: String {
    guard !conditions.isEmpty else { return help }
    let text = "Used when \(conditions.map(\.text).joined(separator: " and "))."
    return help.isEmpty ? text : "\(help) \(text)"
  }
}

extension OptionSchema {
  /// Conditions name options that there are, with values that they can have.
  func checkConditions(what: String) throws {
    for property in properties.values {
      for condition in property.conditions {
        guard let other = properties[condition.option], other.name != property.name else {
          throw PluginError.invalid(
            "\(what): '\(property.name)' is used when '\(condition.option)' has certain values, which is no other option"
          )
        }
        for value in condition.values where value != .null {
          guard let problem = other.problem(with: value) else { continue }
          throw PluginError.invalid("\(what): '\(property.name)' is used when '\(other.name)' \(problem)")
        }
      }
    }
  }
}

extension OptionResolver {
  /// Refuses what the user set of an option that is not used beside the others. The option's default may be set: nothing is lost.
  func checkUse(_ assignments: [OptionAssignment], of holder: OptionHolder, _ values: [String: JSONValue]) throws {
    for assignment in assignments {
      if case .recipe = assignment.source { continue }
      guard let property = holder.schema.properties[assignment.name], values[property.name] != property.fallback,
        let condition = property.conditions.first(where: { !$0.holds(values) })
      else { continue }
      let scope = assignment.scope.rawValue
      let present = values[condition.option]?.typed ?? "not set"
      throw PluginError.invalid(
        "\(assignment.source): \(scope).\(property.name) has no effect, because \(scope).\(condition.option) is \(present)",
        hint: "\(holder.title) uses it when \(property.conditions.map(\.text).joined(separator: " and ")); leave it out"
      )
    }
  }
}
