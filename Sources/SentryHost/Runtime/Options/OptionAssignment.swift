import SentryPluginAPI

/// The groups of options, those of the run and those of each kind of component; options are addressed as `scope.option`.
package struct OptionScope: Hashable, CaseIterable, Sendable {
  package let rawValue: String

  package init(_ kind: ComponentKind) { rawValue = kind.rawValue }
  private init(_ name: String) { rawValue = name }

  package init?(rawValue: String) {
    guard let scope = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = scope
  }

  package static let run = OptionScope("run")
  /// Those of a training run, then those of other commands: `source` is of `sentry data prepare` alone.
  package static let allCases = ofRuns + ComponentKind.allCases.map(OptionScope.init).filter { !ofRuns.contains($0) }
  static let ofRuns = [run] + ComponentKind.ofRuns.map(OptionScope.init)

  package static let (dataset, augmenter, model) = (OptionScope(.dataset), OptionScope(.augmenter), OptionScope(.model))
  package static let (trainer, source) = (OptionScope(.trainer), OptionScope(.source))
}

/// Where a value came from.
package enum OptionSource: Sendable, Equatable, CustomStringConvertible {
  case recipe(String)
  case file(String, line: Int?)
  /// As it was typed: `--epochs`, `--set run.epochs=3`.
  case commandLine(String)

  package var description: String {
    switch self {
    case .recipe(let name): "recipe '\(name)'"
    case .file(let path, let line): line.map { "\(path), line \($0)" } ?? path
    case .commandLine(let text): text
    }
  }

  /// How it is taken back, in a hint.
  package var removal: String {
    switch self {
    case .file(let path, let line): line.map { "remove line \($0) of \(path)" } ?? "remove it from \(path)"
    case .recipe, .commandLine: "leave \(self) out"
    }
  }
}

/// One value for one option, on its way from where it was said to the component.
package struct OptionAssignment: Sendable {
  package enum Value: Sendable, Equatable {
    case value(JSONValue)
    /// As it was typed, to be read by the option's type.
    case text(String)

    /// As it is typed.
    package var text: String? {
      switch self {
      case .text(let text): text
      case .value(let value): value.typed
      }
    }
  }
  package var scope: OptionScope
  package var name: String
  package var value: Value
  package var source: OptionSource
  /// What a relative path is relative to.
  package var folder: String

  package init(scope: OptionScope, name: String, value: Value, source: OptionSource, folder: String) {
    self.scope = scope
    self.name = name
    self.value = value
    self.source = source
    self.folder = folder
  }

  /// Splits `scope.option`.
  package static func address(_ text: String, source: OptionSource) throws -> (OptionScope, String) {
    guard let dot = text.firstIndex(of: "."), dot != text.startIndex, text.index(after: dot) != text.endIndex else {
      throw PluginError.invalid("\(source): '\(text)' is not of the form scope.option", hint: "for example run.epochs")
    }
    let word = String(text[..<dot])
    guard let scope = OptionScope(rawValue: word) else {
      throw PluginError.invalid(
        "\(source): unknown scope '\(word)'",
        hint: Suggestion.hint(for: word, among: OptionScope.ofRuns.map(\.rawValue)))
    }
    return (scope, String(text[text.index(after: dot)...]))
  }

  /// Reads the text of a `--set`: `scope.option=value`.
  package static func setting(_ text: String) throws -> OptionAssignment {
    let source = OptionSource.commandLine("--set \(text)")
    guard let equals = text.firstIndex(of: "=") else {
      throw PluginError.invalid("\(source): '=' is missing", hint: "--set scope.option=value, for example run.epochs=3")
    }
    let (scope, name) = try address(String(text[..<equals]), source: source)
    return OptionAssignment(
      scope: scope, name: name, value: .text(String(text[text.index(after: equals)...])), source: source,
      folder: Paths.working)
  }
}

extension JSONValue {
  /// As it is typed for an option: texts without quotation marks, all else as JSON.
  package var typed: String? { stringValue ?? (try? JSON.text(self)) }
}
