import SentryPluginAPI
import SentryTables

extension Dataset {
  /// The names of the classes of a split's samples, in order.
  func classNames(_ split: Split) throws -> [String] {
    let classes = specification.tasks[0].classes
    return try (0..<count(in: split)).map { try targets(at: $0, in: split)[0].map { classes[$0] } ?? "?" }
  }

  /// How many samples of a split each class has.
  func tally(_ split: Split) throws -> [String: Int] {
    Dictionary(try classNames(split).map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// The class of the sample whose name holds a text.
  func className(of text: String, _ split: Split = .train) throws -> String? {
    let names = (0..<count(in: split)).map { name(at: $0, in: split) }
    return try names.firstIndex { $0.contains(text) }.map { try classNames(split)[$0] }
  }

  func pixels(at index: Int, in split: Split = .train) throws -> [UInt8] {
    let tensor = try sample(at: index, in: split)
    return try withExtendedLifetime(tensor) { Array(try tensor.elements(as: UInt8.self)) }
  }
}

/// What a call reports; nil where it succeeds.
func failure(_ body: () throws -> Void) -> PluginError? {
  do {
    try body()
    return nil
  } catch let error as PluginError {
    return error
  } catch {
    return PluginError("not a PluginError: \(error)")
  }
}
