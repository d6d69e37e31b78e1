import SentryPluginAPI
import SentryRuntime

extension RunRequest {
  /// Whether somebody named the dataset, instead of leaving it to the recipe.
  var namesDataset: Bool { named[.dataset] != nil }

  /// Whether a component takes what was set of its kind.
  func fits(_ entry: Registry.Entry) throws -> Bool { try misfit(of: entry) == nil }

  /// What was set of the component's kind and is no option of it; nil if it takes everything.
  func misfit(of entry: Registry.Entry) throws -> String? {
    let scope = OptionScope(entry.kind)
    let resolver = OptionResolver(holders: [scope: OptionHolder(title: entry.title, schema: try entry.schema())])
    let takes: (String) throws -> Bool = { address in
      let (other, name) = try OptionAssignment.address(address, source: .recipe(recipe.name))
      return other != scope || resolver.has(scope, name)
    }
    // A flag has to set one of the options that it names; --set and configuration files name theirs.
    if let flag = try recipe.flags.first(where: { flag in
      try recipeFlags[flag.name] != nil && !flag.sets.contains { try takes($0) }
    }) {
      return "--\(flag.name)"
    }
    let said = try configuration + settings.map(OptionAssignment.setting)
    return said.first { $0.scope == scope && !resolver.has(scope, $0.name) }.map { "\(scope.rawValue).\($0.name)" }
  }

  /// Every value that was said, weakest first: recipe, configuration file, flags, `--set`. All in the words of today.
  ///
  /// - Parameters:
  ///   - onlyRun: leave out what is not for the run itself, and what cannot be judged before components are known.
  ///   - note: called with a sentence for each that was said in former words.
  func assignments(_ resolver: OptionResolver, onlyRun: Bool = false, note: (String) -> Void = { _ in }) throws
    -> [OptionAssignment]
  {
    let said = resolver.current(try said(resolver, onlyRun: onlyRun, note: note), note: note)
    var all = try assignments(recipe.defaults)
    // The last takes effect: what hangs on the weights to start from (model, run) stands over what hangs on the trainer.
    for (condition, values) in (recipe.defaultsWhenSet ?? [:]).sorted(by: { $0.key > $1.key }) {
      let parts = condition.split(separator: "=", maxSplits: 1).map(String.init)
      let (scope, former) = try OptionAssignment.address(parts.first ?? "", source: .recipe(recipe.name))
      let name = resolver.holders[scope]?.schema.property(called: former)?.name ?? former
      guard let set = said.last(where: { $0.scope == scope && $0.name == name }), set.value != .value(.null) else {
        continue
      }
      if parts.count < 2 || set.value.text == parts[1] { all += try assignments(values) }
    }
    all = resolver.current(all, note: note) + said
    return onlyRun ? all.filter { $0.scope == .run } : all
  }

  /// What the recipe says.
  private func assignments(_ defaults: [String: JSONValue]) throws -> [OptionAssignment] {
    let source = OptionSource.recipe(recipe.name)
    return try defaults.sorted { $0.key < $1.key }.map { address, value in
      let (scope, name) = try OptionAssignment.address(address, source: source)
      return OptionAssignment(scope: scope, name: name, value: .value(value), source: source, folder: Paths.working)
    }
  }

  /// What the user says.
  private func said(_ resolver: OptionResolver, onlyRun: Bool, note: (String) -> Void) throws -> [OptionAssignment] {
    var all = try configuration.flatMap { try spelledOut($0, resolver, onlyRun: onlyRun) }
    for flag in flags {
      if let renamed = flag.note { note(renamed) }
      all.append(flag.assignment)
    }
    let typed = all.count - flags.count..<all.count
    for flag in recipe.flags {
      guard let text = recipeFlags[flag.name] else { continue }
      if let replacement = flag.replacedBy { note("--\(flag.name) is now called --\(replacement)") }
      let set = try assignments(
        flag, text.map(OptionAssignment.Value.text) ?? .value(flag.value ?? true), .commandLine("--\(flag.name)"),
        resolver, onlyRun: onlyRun)
      if let other = all[typed].first(where: { given in set.contains { $0.contradicts(given) } }) {
        throw PluginError.invalid(
          "\(other.source) and --\(flag.name) both set \(other.scope.rawValue).\(other.name)", hint: "give one of them")
      }
      all += set
    }
    return try all + settings.flatMap { try spelledOut(.setting($0), resolver, onlyRun: onlyRun) }
  }

  /// A flag of the recipe that takes a value may also be set as an option of the run: `run.NAME` means `--NAME`.
  private func spelledOut(_ assignment: OptionAssignment, _ resolver: OptionResolver, onlyRun: Bool) throws
    -> [OptionAssignment]
  {
    guard assignment.scope == .run, !resolver.has(.run, assignment.name),
      let flag = recipe.flags.first(where: { $0.name == assignment.name && $0.kind != .boolean && $0.replacedBy == nil }
      )
    else { return [assignment] }
    return try assignments(
      flag, assignment.value, assignment.source, folder: assignment.folder, resolver, onlyRun: onlyRun)
  }

  /// Tells whose flag it is that `run.NAME` means, where it is not one of this recipe.
  func checkFlagNames(_ recipes: [Recipe]) throws {
    let schema = try RunOptions.schema()
    for assignment in try configuration + settings.map(OptionAssignment.setting)
    where assignment.scope == .run && schema.property(called: assignment.name) == nil {
      func has(_ recipe: Recipe) -> Bool { recipe.flags.contains { $0.name == assignment.name } }
      guard !has(recipe), let other = recipes.first(where: has) else { continue }
      throw PluginError.invalid(
        "\(assignment.source): the recipe '\(recipe.name)' has no '\(assignment.name)', which is a flag of '\(other.name)'",
        hint: "sentry train \(recipe.name) --help shows the options")
    }
  }

  /// A flag sets what it names as far as the components at hand have it, and at least one option.
  private func assignments(
    _ flag: Recipe.Flag, _ value: OptionAssignment.Value, _ source: OptionSource, folder: String = Paths.working,
    _ resolver: OptionResolver, onlyRun: Bool
  ) throws -> [OptionAssignment] {
    let targets = try flag.sets.map { try OptionAssignment.address($0, source: source) }
    let present = targets.filter { resolver.has($0.0, $0.1) }
    guard !present.isEmpty || onlyRun else {
      throw PluginError.invalid(
        "\(source) sets \(flag.sets.joined(separator: ", ")), which the chosen components do not have",
        hint: "leave it out, or choose the recipe's own components")
    }
    return present.map { scope, name in
      OptionAssignment(scope: scope, name: name, value: value, source: source, folder: folder)
    }
  }
}

extension OptionAssignment {
  /// Whether another one says something else of the same option.
  fileprivate func contradicts(_ other: OptionAssignment) -> Bool {
    scope == other.scope && name == other.name && value.text != other.value.text
  }
}
