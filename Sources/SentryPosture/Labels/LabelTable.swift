import SentryPluginAPI

/// The contents of a `labels.json`: for each item the class of some tasks, and whose it is.
///
///     {"seq_001": {"posture": 0, "stress": "calm", "subject": "p07"}, …}
///     [{"id": "a", "stress": 1, "depression": 0}, …]
public struct LabelTable: Sendable {
  public struct Entry: Sendable, Equatable {
    /// Class by task; a task that is not here is unlabelled.
    public var classes: [String: Int] = [:]
    /// The person that the item is of, where known.
    public var subject: String?
    /// The recording that the item is a part of, where people are not known.
    public var recording: String?

    public init(classes: [String: Int] = [:], subject: String? = nil, recording: String? = nil) {
      (self.classes, self.subject, self.recording) = (classes, subject, recording)
    }
  }

  public enum Form: Sendable { case object, objectOrList }

  public private(set) var entries: [String: Entry] = [:]
  /// The tasks that at least one entry has a label of.
  public var labelledTasks: Set<String> { Set(entries.values.flatMap(\.classes.keys)) }

  /// - Parameters:
  ///   - file: for errors.
  ///   - tasks: those that labels may be of; another key than these, `subject`, `recording` and (in a list) `id` is
  ///     refused.
  /// - Throws: ``PluginError`` (bad data) that names the file, the item and the key.
  public init(_ text: String, file: String, tasks: [ClassificationTask], form: Form) throws {
    let value: JSONValue
    do {
      value = try JSON.decode(from: text, what: file)
    } catch let error as PluginError {
      throw PluginError.badData(error.message, hint: error.hint ?? "labels are JSON (RFC 8259): mend that place")
    }
    switch (value, form) {
    case (.object(let items), _):
      for (id, labels) in items.sorted(by: { $0.key < $1.key }) {
        entries[id] = try Self.entry(labels, of: id, file, tasks)
      }
    case (.array(let items), .objectOrList):
      for (position, item) in items.enumerated() {
        let id = try Self.id(of: item, position, file)
        guard entries[id] == nil else {
          throw PluginError.badData("\(file): '\(id)' occurs twice", hint: "delete one of the two entries")
        }
        entries[id] = try Self.entry(item, of: id, file, tasks, but: "id")
      }
    default:
      throw PluginError.badData(
        "\(file): holds \(Self.kind(of: value)) where an object\(form == .objectOrList ? " or a list" : "") is expected",
        hint: #"it must look like {"seq_001": {"\#(tasks.first?.name ?? "task")": 0}}"#)
    }
  }

  /// The name of an item's file without `.npy`: a text, or a number that stands for its digits.
  private static func id(of item: JSONValue, _ position: Int, _ file: String) throws -> String {
    switch item["id"] {
    case .string(let id): return id
    case .integer(let id): return String(id)
    case nil:
      throw PluginError.badData(
        "\(file): entry \(position + 1) has no id", hint: #"an entry looks like {"id": "a", "stress": 1}"#)
    case .some(let other):
      throw PluginError.badData(
        "\(file): entry \(position + 1): its id is \(kind(of: other))",
        hint: "an id is the name of the item's file without .npy, as a text")
    }
  }

  private static func entry(
    _ value: JSONValue, of id: String, _ file: String, _ tasks: [ClassificationTask], but ignored: String? = nil
  ) throws -> Entry {
    guard let members = value.objectValue else {
      throw PluginError.badData(
        "\(file): the labels of '\(id)' are \(kind(of: value))",
        hint: #"they must look like {"\#(tasks.first?.name ?? "task")": 0}"#)
    }
    var entry = Entry()
    for (key, value) in members.sorted(by: { $0.key < $1.key }) where key != ignored {
      if key == "subject" {
        entry.subject = try name(value, "subject", of: id, file)
      } else if key == "recording" {
        entry.recording = try name(value, "recording", of: id, file)
      } else if let task = tasks.first(where: { $0.name == key }) {
        entry.classes[key] = try label(value, of: id, task, file)
      } else {
        throw PluginError.badData(
          "\(file): '\(id)' has the unknown key '\(key)'",
          hint: "the keys are \((tasks.map(\.name) + ["subject", "recording"]).joined(separator: ", "))")
      }
    }
    return entry
  }

  /// A class by its number or its name; null is unlabelled.
  private static func label(
    _ value: JSONValue, of id: String, _ task: ClassificationTask, _ file: String
  ) throws -> Int? {
    switch value {
    case .null: return nil
    case .integer(let number) where task.classes.indices.contains(number): return number
    case .string(let name):
      if let number = task.classes.firstIndex(of: name) { return number }
    default: break
    }
    let legend = task.classes.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
    throw PluginError.badData(
      "\(file): '\(id)' has \((try? JSON.text(value)) ?? "?") for \(task.name), which is not a class of it",
      hint: "the classes are \(legend); leave the key out if there is no label")
  }

  /// The name of a person or of a recording.
  private static func name(_ value: JSONValue, _ what: String, of id: String, _ file: String) throws -> String? {
    switch value {
    case .null: return nil
    case .string(let name) where !name.isEmpty: return name
    case .integer(let number): return String(number)
    default:
      throw PluginError.badData(
        "\(file): the \(what) of '\(id)' is \(kind(of: value))", hint: "give a name or a number")
    }
  }

  private static func kind(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string(let text): text.isEmpty ? "an empty string" : "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
