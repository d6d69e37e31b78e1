import SentryPluginAPI

/// The options of a component (or of the run itself): the part of JSON Schema 2020-12 that describes flat objects.
///
/// Understood are `properties`, `required` and `additionalProperties: false` (which holds anyhow), and in a property `type`,
/// `default`, `description`, `enum`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `pattern`, `format: path`,
/// `items.type`, `x-sentry-host`, `x-sentry-file`, `x-sentry-used-when`, `x-sentry-former-names` and `x-sentry-former-values`.
package struct OptionSchema: Sendable {
  /// The option of a dataset that `--data` stands for.
  package static let pathOption = "path"

  package let properties: [String: OptionProperty]
  let required: Set<String>
  /// By a name that an option had before, the name that it has.
  let formerNames: [String: String]

  /// - Parameter what: whose schema it is, for errors.
  package init(_ schema: JSONValue, what: String) throws {
    guard let members = schema.objectValue else { throw PluginError.invalid("\(what): not an object") }
    var properties: [String: OptionProperty] = [:]
    var required: Set<String> = []
    for (key, value) in members {
      switch key {
      case "properties":
        guard let stated = value.objectValue else {
          throw PluginError.invalid("\(what): 'properties' is not an object")
        }
        for (name, property) in stated { properties[name] = try OptionProperty(name, property, what: what) }
      case "required": required = Set((value.arrayValue ?? []).compactMap(\.stringValue))
      case "type":
        guard value == "object" else { throw PluginError.invalid("\(what): its type is not object") }
      case "additionalProperties":
        guard value == false else {
          throw PluginError.invalid("\(what): additionalProperties must be false", hint: "declare every option")
        }
      case "$schema", "$id", "$comment", "title", "description": break
      default:
        throw PluginError.invalid(
          "\(what): the keyword '\(key)' is not supported", hint: "docs/plugin-border.md lists them")
      }
    }
    try self.init(Array(properties.values), required: required, what: what)
  }

  init(_ properties: [OptionProperty], required: Set<String> = [], what: String) throws {
    let properties = Dictionary(properties.map { ($0.name, $0) }) { first, _ in first }
    var formerNames: [String: String] = [:]
    for property in properties.values {
      for former in property.formerNames {
        guard properties[former] == nil, formerNames.updateValue(property.name, forKey: former) == nil else {
          throw PluginError.invalid("\(what): the former name '\(former)' of '\(property.name)' has two meanings")
        }
      }
    }
    (self.properties, self.required, self.formerNames) = (properties, required, formerNames)
    try checkConditions(what: what)
  }

  /// What a user may set.
  package var settable: [OptionProperty] { properties.values.filter { !$0.isHostFilled }.sorted { $0.name < $1.name } }

  /// Of all options that have one.
  package var defaults: [String: JSONValue] { properties.compactMapValues(\.fallback) }
}
