import SentryPluginAPI

/// One option of a run, as ``RunOptions/table`` lists them: where it stands in ``RunOptions``, what it may be, and how the
/// command line and `--resume` treat it.
package struct RunOption: Sendable {
  /// What a value may be beside its type.
  enum Rule: Sendable {
    case atLeast(Int)
    case within(ClosedRange<Int>)
    /// A share: more than 0, less than 1.
    case share
    case matches(OptionPattern)
    /// A file or folder, relative to where it is named.
    case path
  }
  /// Its flag of `train`; an option without one is set by `--set run.NAME=…` and in files.
  package enum Flag: Sendable {
    /// Given without a value: true.
    case toggle
    /// Takes a value. The name stands for it in help; without one, the choices do.
    case value(_ name: String? = nil, discussion: String = "")
    case file(_ name: String, discussion: String = "")
    case folder(_ name: String, discussion: String = "")
  }
  /// What a resumed run may have otherwise than it began.
  package enum Resuming: Sendable, Equatable {
    /// Nothing: the option decides on the results.
    case fixed
    /// The value that run.json records may be another one now.
    case free
    /// It may be given beside `--resume`.
    case given
  }

  package let property: OptionProperty
  package let flag: Flag?
  package let resuming: Resuming
  private let read: @Sendable (RunOptions) -> JSONValue?
  private let write: @Sendable (JSONValue, inout RunOptions) -> Bool

  package var name: String { property.name }

  init<Value: RunOptionValue>(
    _ name: String, _ place: any WritableKeyPath<RunOptions, Value> & Sendable, _ help: String, _ rule: Rule? = nil,
    flag: Flag? = nil, resuming: Resuming = .fixed, formerly: [String] = []
  ) {
    var property = OptionProperty(name: name, types: Value.types, help: help, choices: Value.choices)
    property.fallback = RunOptions(output: "")[keyPath: place].json
    property.formerNames = formerly
    switch rule {
    case .atLeast(let least): property.minimum = Double(least)
    case .within(let range): (property.minimum, property.maximum) = (Double(range.lowerBound), Double(range.upperBound))
    case .share: (property.exclusiveMinimum, property.exclusiveMaximum) = (0, 1)
    case .matches(let pattern): property.pattern = pattern
    case .path: property.isPath = true
    case nil: break
    }
    (self.property, self.flag, self.resuming) = (property, flag, resuming)
    read = { $0[keyPath: place].json }
    write = { json, options in
      guard let value = Value(json: json) else { return false }
      options[keyPath: place] = value
      return true
    }
  }

  /// nil where the option is not set.
  func value(in options: RunOptions) -> JSONValue? { read(options) }

  /// - Throws: ``PluginError`` where the value is not of the option's type.
  func set(_ value: JSONValue, in options: inout RunOptions) throws {
    guard write(value, &options) else {
      let problem = try property.problem(with: value) ?? "cannot be \(JSON.text(value))"
      throw PluginError.invalid("run.\(name) \(problem)", hint: property.help)
    }
  }
}

/// A type that an option of a run can have.
protocol RunOptionValue: Sendable {
  static var types: [OptionProperty.ValueType] { get }
  /// nil for any value of the type.
  static var choices: [JSONValue]? { get }
  init?(json: JSONValue)
  /// nil for an option that is not set.
  var json: JSONValue? { get }
}

extension RunOptionValue {
  static var choices: [JSONValue]? { nil }
}

extension Bool: RunOptionValue {
  static var types: [OptionProperty.ValueType] { [.boolean] }
  init?(json: JSONValue) {
    guard let value = json.boolValue else { return nil }
    self = value
  }
  var json: JSONValue? { .bool(self) }
}

extension String: RunOptionValue {
  static var types: [OptionProperty.ValueType] { [.string] }
  init?(json: JSONValue) {
    guard let value = json.stringValue else { return nil }
    self = value
  }
  var json: JSONValue? { .string(self) }
}

extension Double: RunOptionValue {
  static var types: [OptionProperty.ValueType] { [.number] }
  init?(json: JSONValue) {
    guard let value = json.doubleValue else { return nil }
    self = value
  }
  var json: JSONValue? { .number(self) }
}

extension RunOptionValue where Self: FixedWidthInteger {
  static var types: [OptionProperty.ValueType] { [.integer] }
  init?(json: JSONValue) {
    // 3.0 is an integer, too.
    guard let value = json.intValue ?? json.doubleValue.flatMap(Int.init(exactly:)) else { return nil }
    self.init(exactly: value)
  }
  var json: JSONValue? { .integer(Int(clamping: self)) }
}

extension Int: RunOptionValue {}
extension UInt64: RunOptionValue {}

extension RunOptionValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  static var types: [OptionProperty.ValueType] { [.string] }
  static var choices: [JSONValue]? { allCases.map { .string($0.rawValue) } }
  init?(json: JSONValue) {
    guard let text = json.stringValue else { return nil }
    self.init(rawValue: text)
  }
  var json: JSONValue? { .string(rawValue) }
}

extension Optional: RunOptionValue where Wrapped: RunOptionValue {
  static var types: [OptionProperty.ValueType] { Wrapped.types + [.null] }
  static var choices: [JSONValue]? { Wrapped.choices }
  init?(json: JSONValue) {
    guard json != .null else {
      self = .none
      return
    }
    guard let value = Wrapped(json: json) else { return nil }
    self = .some(value)
  }
  var json: JSONValue? { flatMap(\.json) }
}
