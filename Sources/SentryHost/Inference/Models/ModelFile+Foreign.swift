import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Files of other programs that hold a model of ours: recipes know them (``Recipe/ForeignCheckpoint``).
extension ModelFile {
  /// The file with what a recipe says of it, where it says nothing of itself.
  ///
  /// - Parameter recipe: the one that knows it; nil for whichever recognises its tensors.
  /// - Returns: the file, and a note on what it was taken for.
  package func described(by registry: Registry, recipe: String?) throws -> (file: ModelFile, note: String?) {
    if about != nil {
      guard let recipe, about?["recipe"]?.stringValue != recipe else { return (self, nil) }
      return (self, "\(path) describes itself: --recipe \(recipe) is not needed")
    }
    let recipes = try recipe.map { [try registry.recipe($0)] } ?? registry.recipes
    for candidate in recipes {
      for foreign in candidate.foreign ?? [] where weights.matched(to: foreign.tensors).missing.isEmpty {
        // Bare weights may as well be of a model of ours, exported alone: what has to be assumed, somebody must say.
        if let assumption = foreign.assumption, recipe == nil, weights.place.isEmpty {
          throw PluginError.invalid(
            "\(path) does not state its model",
            hint: "--recipe \(candidate.name) reads it as \(foreign.title): \(assumption)")
        }
        var file = self
        file.about = try about(foreign, candidate, registry)
        let assumption = foreign.assumption.map { ": \($0), which the file does not state" } ?? ""
        return (file, "\(path) is read as \(foreign.title), by the recipe '\(candidate.name)'" + assumption)
      }
    }
    guard let recipe else { return (self, nil) }
    let known = recipes.flatMap { $0.foreign ?? [] }
    let missing = known.compactMap { weights.matched(to: $0.tensors).missing.first }.first
    throw PluginError.invalid(
      "\(path): the recipe '\(recipe)' does not know this file"
        + (missing.map { ": it has no tensor \($0)" } ?? "; it reads no checkpoints of other programs"),
      hint: "sentry inspect --tensors lists what it holds")
  }

  /// What a checkpoint of ours would say.
  private func about(_ foreign: Recipe.ForeignCheckpoint, _ recipe: Recipe, _ registry: Registry) throws -> JSONValue {
    let names = foreign.tasks.map(\.tensor) + foreign.extents.map(\.tensor) + foreign.tensors
    let tensors = weights.matched(to: names).tensors
    var extents: [String: Int] = [:]
    for extent in foreign.extents {
      guard let shape = tensors[extent.tensor]?.shape, shape.indices.contains(extent.axis) else { continue }
      extents[extent.name] = shape[extent.axis]
    }
    let tasks: [JSONValue] = try foreign.tasks.compactMap { task in
      guard let shape = tensors[task.tensor]?.shape else { return nil }
      guard shape.first == task.classes.count else {
        throw PluginError.invalid(
          "\(path): its \(task.name) has \(shape.first ?? 0) classes, where \(foreign.title) has \(task.classes.count): "
            + task.classes.joined(separator: ", "),
          hint: "start from its weights instead: sentry train \(recipe.name) --init-weights or --pretrained")
      }
      return ["name": .string(task.name), "classes": .array(task.classes.map(JSONValue.string))]
    }
    var about: [String: JSONValue] = [
      "recipe": .string(recipe.name), "tasks": .array(tasks), "normalisation": foreign.normalisation ?? .null,
    ]
    about["model"] = try component(.model, recipe.model, foreign.model, tasks: tasks, extents, registry)
    if let augmenter = recipe.augmenter {
      about["augmenter"] = try component(.augmenter, augmenter, foreign.augmenter, tasks: tasks, extents, registry)
    }
    return .object(about)
  }

  private func component(
    _ kind: ComponentKind, _ name: String, _ stated: [String: JSONValue], tasks: [JSONValue], _ extents: [String: Int],
    _ registry: Registry
  ) throws -> JSONValue {
    let properties = try registry.entry(kind, name).schema().properties
    var options = properties.compactMapValues { $0.isPath ? nil : $0.fallback }
    if properties["tasks"] != nil { options["tasks"] = .array(tasks) }
    if properties["seed"]?.isHostFilled == true { options["seed"] = 42 }
    for (name, value) in stated { options[name] = value.replacing(extents) }
    return ["name": .string(name), "options": .object(options)]
  }
}

extension JSONValue {
  /// With the numbers that names stand for: `{"extent": "features"}` is the extent of that name.
  fileprivate func replacing(_ extents: [String: Int]) -> JSONValue {
    switch self {
    case .array(let elements): .array(elements.map { $0.replacing(extents) })
    case .object(let members):
      if let name = members["extent"]?.stringValue, let extent = extents[name] {
        .integer(extent)
      } else {
        .object(members.mapValues { $0.replacing(extents) })
      }
    default: self
    }
  }
}
