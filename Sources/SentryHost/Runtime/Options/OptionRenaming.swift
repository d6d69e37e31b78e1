import Logging
import SentryPluginAPI

/// What was said in the words of an earlier version, and what it is called today.
///
/// A property of a schema states its former names and values (`x-sentry-former-names`, `x-sentry-former-values`). They are
/// accepted wherever options can stand, with a note; nothing else in the host knows any of them.
package struct OptionRenaming: Sendable, Equatable {
  /// `memory=low`, or the name alone where the value stays.
  let former, current: String

  func note(_ scope: OptionScope, in place: some CustomStringConvertible) -> String {
    "\(place): \(scope.rawValue).\(former) is now called \(scope.rawValue).\(current)"
  }

  /// Tells the user.
  package static func log(_ note: String) { Logger(label: Logger.hostLabel).info("\(note)") }
}

extension OptionSchema {
  /// The option that has this name, or had it before.
  package func property(called name: String) -> OptionProperty? { properties[formerNames[name] ?? name] }

  /// Recorded options under the names and with the values of today. Where an option stands there under both names, that of
  /// today counts. What the schema does not know stays as it is.
  ///
  /// - Parameter note: called for each option that was renamed.
  func current(_ options: [String: JSONValue], note: (OptionRenaming) -> Void) -> [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      let now = formerNames[name] ?? name
      if now != name, options[now] != nil { continue }
      let (assignment, renaming) = current(name, .value(value))
      if case .value(let value) = assignment { result[now] = value }
      if let renaming { note(renaming) }
    }
    return result
  }

  /// The options that a file records of a component, as that component takes them today: renamed, which the user is told, and
  /// with the defaults of those that it did not have yet.
  package func current(_ options: [String: JSONValue], _ scope: OptionScope, in place: String) -> [String: JSONValue] {
    current(options) { OptionRenaming.log($0.note(scope, in: place)) }.merging(defaults) { recorded, _ in recorded }
  }

  /// The same without a word to the user.
  package func upToDate(_ options: [String: JSONValue]) -> [String: JSONValue] {
    current(options, note: { _ in }).merging(defaults) { recorded, _ in recorded }
  }

  /// One value, as it would be said today; the renaming is nil where nothing changes.
  fileprivate func current(
    _ name: String, _ value: OptionAssignment.Value
  ) -> (value: OptionAssignment.Value, renaming: OptionRenaming?) {
    guard let property = property(called: name) else { return (value, nil) }
    let said = value.text ?? "?"
    guard let replacement = property.formerValues[said] else {
      return (value, name == property.name ? nil : OptionRenaming(former: name, current: property.name))
    }
    let current = "\(property.name)=\(replacement.typed ?? "?")"
    return (.value(replacement), OptionRenaming(former: "\(name)=\(said)", current: current))
  }
}

extension OptionResolver {
  /// Assignments in the words of today.
  ///
  /// - Parameter note: called with a sentence for each that was renamed.
  package func current(_ assignments: [OptionAssignment], note: (String) -> Void = OptionRenaming.log)
    -> [OptionAssignment]
  {
    assignments.map { assignment in
      guard let schema = holders[assignment.scope]?.schema, let property = schema.property(called: assignment.name)
      else { return assignment }
      let (value, renaming) = schema.current(assignment.name, assignment.value)
      if let renaming { note(renaming.note(assignment.scope, in: assignment.source)) }
      var current = assignment
      (current.name, current.value) = (property.name, value)
      return current
    }
  }
}
