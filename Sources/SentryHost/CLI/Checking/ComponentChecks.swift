import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// What every component does, of whatever kind.
enum ComponentChecks {
  static func checks(of kind: ComponentKind) -> [PluginCheck] {
    func check(
      _ name: String, level: Int, _ statement: String, _ test: @escaping @Sendable (CheckedPlugin) throws -> Void
    ) -> PluginCheck {
      PluginCheck("\(kind.rawValue).\(name)", level: level, statement, of: kind, test: test)
    }
    return [
      check("summary", level: 1, "The component has a summary of one line.") { try checkSummary($0.known().0.summary) },
      check("can-be-made", level: 1, "The component can be made with its defaults and what --set and --data give.") {
        try $0.requireUsable()
        if let flaw = try $0.object().flaw { throw Finding.violation(flaw) }
      },
      check("options-are-documented", level: 2, "Every option has a description, a type, and a default that fits.") {
        try checkOptions($0.schema())
      },
      check("unknown-extension", level: 2, "An extension that nobody defined is not offered.") {
        let object = try made($0)
        for id in ["sentry.no-such-extension/1", "", String(repeating: "x", count: 10_000)] where object.offers(id) {
          throw Finding.violation("get_extension offers \(id.prefix(40).debugDescription)")
        }
      },
      check("malformed-options", level: 3, "Options that are no JSON object, which a host never passes, are an error.")
      {
        try checkMalformed($0)
      },
      check("hostile-paths", level: 3, "A path that leads nowhere is an error that names it.") { try checkPaths($0) },
      check("leaves-nothing", level: 4, "Making and destroying it leaves no thread and no open file.") { plugin in
        for _ in 0..<2 { _ = try made(plugin) }
        let before = ProcessTraces()
        for _ in 0..<8 { _ = try made(plugin) }
        if let growth = ProcessTraces().growth(since: before) {
          throw Finding.violation("after eight objects were made and destroyed, \(growth)")
        }
      },
      check("frees-memory", level: 5, "Making and destroying it many times takes no memory.") { try checkMemory($0) },
    ]
      + (kind == .model
        ? [check("fits-tasks", level: 1, "Its logits are those of the tasks that it is given.", checkTasks)] : [])
  }

  /// The host fills in the tasks of the dataset.
  @Sendable private static func checkTasks(_ plugin: CheckedPlugin) throws {
    guard try plugin.schema().properties["tasks"]?.isHostFilled == true else {
      throw Finding.skip("it has no option 'tasks': its classes are fixed")
    }
    _ = try made(plugin)
    let given: [[(name: String, classes: [String])]] = [
      [("one", ["a", "b", "c"])], [("first", ["x", "y"]), ("second", ["p", "q", "r", "s", "t"])],
    ]
    for tasks in given {
      let options = tasks.map { task -> JSONValue in
        ["name": .string(task.name), "classes": .array(task.classes.map { .string($0) })]
      }
      let model: ImportedModel
      do {
        model = try plugin.make(["tasks": .array(options)])
      } catch let error as PluginError where error.code == SENTRY_INVALID && tasks.count > 1 {
        // A model may have one head, and say so.
        continue
      }
      let logits = model.specification.outputs.filter { $0.kind == .logits }
      guard logits.map(\.name) == tasks.map(\.name), logits.map({ $0.classes ?? [] }) == tasks.map(\.classes) else {
        throw Finding.violation(
          "for the tasks \(tasks.map(\.name)) with \(tasks.map(\.classes.count)) classes its logits are \(logits.map(\.name)) with \(logits.map { $0.classes?.count ?? 0 })"
        )
      }
    }
  }

  /// One that the rest of a check can rely on.
  static func made(_ plugin: CheckedPlugin) throws -> RawComponent {
    try plugin.requireUsable()
    let object: RawComponent
    do {
      object = try plugin.object()
    } catch let error where !(error is Finding) {
      // That it can be made is a check of its own.
      throw Finding.skip("the component cannot be made: \(error)")
    }
    if let flaw = object.flaw { throw Finding.skip("the component is incomplete: \(flaw)") }
    return object
  }

  private static func checkSummary(_ summary: String) throws {
    if summary.allSatisfy(\.isWhitespace) { throw Finding.violation("the summary is empty") }
    if summary.contains(where: \.isNewline) { throw Finding.violation("the summary has several lines") }
    if summary.count > 200 {
      throw Finding.warning("the summary has \(summary.count) characters; listings show it in one line")
    }
  }

  private static func checkOptions(_ schema: OptionSchema) throws {
    for option in schema.settable {
      if option.help.isEmpty { throw Finding.violation("the option '\(option.name)' has no description") }
      if option.types.isEmpty, option.choices == nil {
        throw Finding.violation("the option '\(option.name)' has neither a type nor an enum")
      }
      if let fallback = option.fallback, let problem = option.problem(with: fallback) {
        throw Finding.violation("the default of '\(option.name)' \(problem)")
      }
    }
  }

  private static func checkMalformed(_ plugin: CheckedPlugin) throws {
    let (component, kind) = try plugin.known()
    for text in ["", "{", "[]", "null", "{\"a\": }", String(repeating: "[", count: 100_000)] {
      let loaded = try plugin.loaded()
      do {
        let object = try RawComponent(kind, component.name, of: loaded, options: text)
        // It may well look for the keys that it knows, and not at the rest.
        if let flaw = object.flaw { throw Finding.violation("with the options \(shown(text)): \(flaw)") }
      } catch let error as PluginError {
        if error.isSilent {
          throw Finding.violation("the options \(shown(text)) are refused without a message")
        }
      }
    }
  }

  private static func checkPaths(_ plugin: CheckedPlugin) throws {
    let paths = try plugin.schema().settable.filter { $0.isPath && $0.name == OptionSchema.pathOption }
    guard let option = paths.first else { throw Finding.skip("it reads no path") }
    for path in [
      "/nowhere/at/all", "/dev/null", "/proc/self/mem", "/tmp/\u{202E}a\nb'; $(id)",
      String(repeating: "a/", count: 3000),
    ] {
      do {
        _ = try plugin.object([option.name: .string(path)])
        throw Finding.violation("the path \(shown(path)) is accepted")
      } catch let error as PluginError {
        if error.isSilent {
          throw Finding.violation("the path \(shown(path)) is refused without a message")
        }
        // Longer and stranger ones may be shown in another way.
        if path.utf8.count < 20, !path.contains(where: \.isNewline), !error.message.contains(path) {
          throw Finding.warning("the error for \(shown(path)) does not name it: \(error.message)")
        }
      }
    }
  }

  private static func checkMemory(_ plugin: CheckedPlugin) throws {
    // Elsewhere glibc's caches of threads count as memory in use: see ``CheckProcess``.
    guard plugin.isAlone else { throw Finding.skip("it needs a process of its own") }
    let rounds = 12
    // What is made once and kept: caches, tables.
    for _ in 0..<rounds { _ = try made(plugin) }
    let before = ProcessTraces.heapBytes
    var size = 0
    for _ in 0..<rounds {
      let object = try made(plugin)
      withExtendedLifetime(object) { size = max(size, ProcessTraces.heapBytes - before) }
    }
    let grown = (ProcessTraces.heapBytes - before) / rounds
    // The allocator's own bookkeeping grows with what passed through it.
    if grown > max(1024, size / 10_000) {
      throw Finding.violation("each object leaves \(grown) bytes behind when it is destroyed")
    }
  }

  private static func shown(_ text: String) -> String { String(text.prefix(60)).debugDescription }
}
