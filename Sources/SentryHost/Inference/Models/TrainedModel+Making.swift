import SentryPluginAPI
import SentryRuntime

extension TrainedModel {
  /// The component and options of a model, from what its file says of it and what is to be otherwise.
  struct Making {
    let choice: RunPlan.Choice
    /// What of the file is not used.
    private(set) var notes: [String] = []

    private let recorded: String
    private let path: String
    private let entry: Registry.Entry

    /// - Throws: ``PluginError`` for a component that no plugin offers, and for an option that it does not have.
    init(_ about: JSONValue, _ use: ModelUse, _ registry: Registry, path: String) throws {
      guard let recorded = about["model"]?["name"]?.stringValue else {
        throw PluginError.invalid(
          "\(path) does not state its model",
          hint: "give a file that sentry train or sentry export wrote, or name the recipe of the file with --recipe")
      }
      guard let options = about["model"]?["options"]?.objectValue else {
        throw PluginError.invalid(
          "\(path): the model's options are not readable", hint: "the file is damaged or foreign")
      }
      (self.recorded, self.path) = (recorded, path)
      entry = try Self.entry(use.component ?? recorded, about, registry, isNamed: use.component != nil)
      let schema = try entry.schema()
      var values = schema.current(options, .model, in: path)
      if entry.declaration.name == recorded {
        try Self.check(values, schema, entry, path)
      } else {
        values = Self.shared(values, schema, about, &notes, of: recorded, for: entry)
      }
      values = values.filter { schema.properties[$0.key]?.isPath != true }
      let resolver = OptionResolver(holders: [.model: OptionHolder(title: entry.title, schema: schema)])
      let set = try resolver.values(of: use.settings(for: schema), .model)
      values.merge(set) { _, said in said }
      choice = try registry.choice(entry, options: values)
    }

    /// The choice with the word that the file's weights replace those that the model would begin with. It is of no use to
    /// anybody else, so ``choice`` is without it.
    func choiceToFill() throws -> RunPlan.Choice {
      guard try entry.schema().properties[OptionProperty.loadsWeights]?.isHostFilled == true else { return choice }
      var filled = choice
      filled.options = .object((choice.options.objectValue ?? [:]).merging([OptionProperty.loadsWeights: true]) { $1 })
      return filled
    }

    private static func entry(_ name: String, _ about: JSONValue, _ registry: Registry, isNamed: Bool) throws
      -> Registry.Entry
    {
      if !isNamed, registry.find(.model, name) == nil,
        let recipe = registry.recipes.first(where: { $0.name == about["recipe"]?.stringValue }),
        let other = ([recipe.model] + (recipe.models ?? [])).first(where: { registry.find(.model, $0) != nil })
      {
        throw PluginError(
          registry.missing(["model '\(name)'"]).message,
          hint: "--model-component \(other) reads the file if it is the same network")
      }
      return try registry.entry(.model, name)
    }

    /// The options of the component that the file names must still be what it has.
    private static func check(
      _ values: [String: JSONValue], _ schema: OptionSchema, _ entry: Registry.Entry, _ path: String
    ) throws {
      for (name, value) in values {
        guard let property = schema.properties[name] else {
          throw PluginError.invalid(
            "\(path): \(entry.title) no longer has the option '\(name)'",
            hint: "use the plugin that it was trained with")
        }
        if !property.isHostFilled, !property.isPath, let problem = property.problem(with: value) {
          throw PluginError.invalid("\(path): model.\(name) \(problem)")
        }
      }
    }

    /// What another component has of the recorded options, and what the host fills in.
    private static func shared(
      _ recorded: [String: JSONValue], _ schema: OptionSchema, _ about: JSONValue, _ notes: inout [String],
      of name: String, for entry: Registry.Entry
    ) -> [String: JSONValue] {
      var values: [String: JSONValue] = [:]
      var without: [String] = []
      for (option, value) in recorded.sorted(by: { $0.key < $1.key }) {
        guard let property = schema.properties[option] else {
          without.append(option)
          continue
        }
        if !property.isHostFilled, !property.isPath, let problem = property.problem(with: value) {
          notes.append("\(entry.title): model.\(option) of '\(name)' is left out: it \(problem)")
          values[option] = property.fallback
        } else {
          values[option] = value
        }
      }
      for (option, member) in [("tasks", about["tasks"]), ("input", about["input"]), ("seed", 42)] {
        if values[option] == nil, schema.properties[option]?.isHostFilled == true { values[option] = member }
      }
      without.removeAll { $0 == Device.option }
      if !without.isEmpty {
        notes.append(
          "\(entry.title) does not have these options of '\(name)', which are left out: \(without.joined(separator: ", "))"
        )
      }
      return values
    }

    /// Throws where another component, or one with other options, is not the model that the file states.
    func check(_ model: ImportedModel, tasks: [ClassificationTask], input: JSONValue?) throws {
      func mismatch(_ what: String) -> PluginError {
        .invalid(
          "\(path): \(entry.title) is not the model of the file ('\(recorded)'): \(what)",
          hint: "name a component of the same network with --model-component, or leave it and --set model.… out")
      }
      let heads = model.specification.outputs.filter { $0.kind == .logits }
      for task in tasks {
        guard let head = heads.first(where: { $0.name == task.name }) else {
          throw mismatch("it has no output '\(task.name)'")
        }
        if let classes = head.classes, classes != task.classes {
          throw mismatch(
            "the classes of '\(task.name)' are \(classes.joined(separator: ", ")), in the file \(task.classes.joined(separator: ", "))"
          )
        }
      }
      if let extra = heads.first(where: { head in !tasks.contains { $0.name == head.name } }) {
        throw mismatch("its output '\(extra.name)' is none of the file's")
      }
      guard let input, input != .null else { return }
      let stated: TensorSpecification = try JSON.decode(from: try JSON.text(input), what: "\(path): 'input'")
      let takes = model.specification.input
      let layoutsAgree = takes.layout == nil || stated.layout == nil || takes.layout == stated.layout
      guard takes.accepts(stated), layoutsAgree else { throw mismatch("it takes \(takes), in the file \(stated)") }
    }
  }
}
