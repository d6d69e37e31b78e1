import SentryPluginAPI

/// One argument of a foreign function: its type, and what is passed.
struct ForeignArgument: Sendable, Equatable {
  /// An axis of the sample: by its number, or by its letter in the layout of the samples.
  enum Axis: Sendable, Equatable {
    case number(Int)
    case letter(Character)
  }

  enum Meaning: Sendable, Equatable {
    /// The values of the sample, changed in place.
    case data
    /// The values of the sample, and room for as many.
    case input, output
    /// How many values there are.
    case count
    /// The extent of the sample along an axis.
    case dimension(Axis)
    /// Of the random stream of the sample.
    case seed
    case option(String)
    case constant(ForeignValue)
  }

  var type: ForeignType
  var meaning: Meaning
}

extension ForeignArgument {
  private enum Word: String, CaseIterable { case data, input, output, count, dimension, seed, option, constant }

  /// - Parameter options: those that the manifest declares.
  init(_ value: JSONValue, at place: String, options: [String: ForeignOptions.Kind]) throws {
    let object = try ManifestObject(value, at: place, keys: ["type", "is", "axis", "option", "value"])
    let type = try object.type("type", among: ForeignType.allCases.filter { $0 != .void })
    let word: Word = try object.word("is")
    let owners: [(key: String, owner: Word)] = [("axis", .dimension), ("option", .option), ("value", .constant)]
    for (key, owner) in owners where word != owner && object[key] != nil {
      throw PluginError.invalid(
        "'\(object.path(key))' belongs to an argument that is '\(owner.rawValue)'", hint: "leave it out")
    }
    func require(_ fits: Bool, _ types: String) throws {
      guard fits else {
        throw PluginError.invalid(
          "'\(object.path("type"))' is '\(type.rawValue)', but \(word.rawValue) is passed as \(types)",
          hint: "write the type that the function's declaration in C has there")
      }
    }
    self.type = type
    switch word {
    case .data, .input, .output:
      try require(type == .pointer, "pointer, to float")
      meaning = word == .data ? .data : word == .input ? .input : .output
    case .count:
      try require(type.isInteger, "int32, int64 or uint64")
      meaning = .count
    case .dimension:
      try require(type.isInteger, "int32, int64 or uint64")
      meaning = .dimension(try Self.axis(object))
    case .seed:
      try require(type == .uint64, "uint64")
      meaning = .seed
    case .option:
      let name = try object.text("option", example: options.keys.min() ?? "strength")
      guard let kind = options[name] else {
        throw PluginError.invalid(
          "'\(object.path("option"))' is '\(name)', which 'options' does not declare",
          hint: Suggestion.hint(for: name, among: Array(options.keys)) ?? "declare it under 'options'")
      }
      try require(Self.can(type, hold: kind), "\(Self.types(for: kind)): '\(name)' is declared \(kind.rawValue)")
      meaning = .option(name)
    case .constant:
      meaning = .constant(try Self.constant(object, type))
    }
  }

  private static func axis(_ object: ManifestObject) throws -> Axis {
    if let number = object["axis"]?.intValue, number >= 0 { return .number(number) }
    if let text = object["axis"]?.stringValue, text.count == 1, let letter = text.first { return .letter(letter) }
    throw PluginError.invalid(
      "'\(object.path("axis"))' is neither the number of an axis, from 0, nor a letter of the samples' layout",
      hint: "for example \"axis\": \"H\" for samples of the layout CHW, or \"axis\": 1")
  }

  private static func constant(_ object: ManifestObject, _ type: ForeignType) throws -> ForeignValue {
    let example = type == .pointer ? "null" : type.isInteger ? "1" : "0.5"
    guard let value = object["value"] else {
      throw PluginError.invalid(
        "the key '\(object.path("value"))' is missing", hint: "for example \"value\": \(example)")
    }
    guard value.boolValue == nil, let constant = ForeignValue(value, as: type) else {
      throw PluginError.invalid(
        "'\(object.path("value"))' is \(try JSON.text(value)), which is not a valid \(type.rawValue)",
        hint: "for example \"value\": \(example)")
    }
    return constant
  }

  private static func can(_ type: ForeignType, hold kind: ForeignOptions.Kind) -> Bool {
    switch kind {
    case .number: type.isFloating
    case .integer: type.isInteger || type.isFloating
    case .boolean: type.isInteger
    }
  }

  private static func types(for kind: ForeignOptions.Kind) -> String {
    switch kind {
    case .number: "float or double"
    case .integer: "int32, int64, uint64, float or double"
    case .boolean: "int32, int64 or uint64"
    }
  }
}
