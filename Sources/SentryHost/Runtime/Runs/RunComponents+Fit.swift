import CSentryPlugin
import SentryPluginAPI

extension RunComponents {
  /// Checks that samples fit the augmenter, its output the model, and the model's heads the tasks. Throws ``PluginError``
  /// that names both sides.
  package func checkFit(_ plan: RunPlan) throws {
    if augmenter == nil, let left = plan.recipe.augmenter {
      try Self.withoutAugmenter(left) { try checkInput(plan) }
    } else {
      try checkInput(plan)
    }
    try checkHeads(plan)
  }

  /// An augmenter prepares samples as well as it varies them: who leaves it out often means the second alone.
  private static func withoutAugmenter(_ name: String, _ check: () throws -> Void) throws {
    do {
      try check()
    } catch let error as PluginError {
      throw PluginError(
        error.message,
        hint: "the augmenter '\(name)' also prepares samples for the model: leave --augmenter none out, and give "
          + "--augmentation none to train without random variation", code: error.code)
    }
  }

  private func checkInput(_ plan: RunPlan) throws {
    try Self.checkInput(
      dataset: (dataset.specification.sample, "dataset '\(plan.dataset.name)'"),
      augmenter: augmenter.map {
        ($0.specification.input, $0.specification.output, "augmenter '\(plan.augmenter?.name ?? "")'")
      },
      model: (model.specification.input, "model '\(plan.model.name)'"))
  }

  /// Checks that what a dataset gives reaches the model in the form that it takes, by way of the augmenter where there is one.
  package static func checkInput(
    dataset: (gives: TensorSpecification, title: String),
    augmenter: (takes: TensorSpecification, gives: TensorSpecification, title: String)?,
    model: (takes: TensorSpecification, title: String)
  ) throws {
    guard let augmenter else { return try check(dataset.gives, of: dataset.title, into: model.takes, of: model.title) }
    try check(dataset.gives, of: dataset.title, into: augmenter.takes, of: augmenter.title)
    try check(augmenter.gives, of: augmenter.title, into: model.takes, of: model.title)
  }

  private static func check(
    _ given: TensorSpecification, of giver: String, into taken: TensorSpecification, of taker: String
  ) throws {
    let layoutsAgree = given.layout == nil || taken.layout == nil || given.layout == taken.layout
    guard taken.accepts(given), layoutsAgree else {
      throw PluginError.invalid(
        "\(giver) gives \(given), but \(taker) takes \(taken)",
        hint: "change an option of either (sentry plugins inspect NAME), or swap one of the two")
    }
  }

  private func checkHeads(_ plan: RunPlan) throws {
    let tasks = dataset.specification.tasks
    guard !tasks.isEmpty else {
      throw PluginError.invalid("dataset '\(plan.dataset.name)' has no task to train for")
    }
    let heads = model.specification.outputs.filter { $0.kind == .logits }
    for task in tasks {
      let wanted = "dataset '\(plan.dataset.name)' has the task '\(task.name)' with \(task.classes.count) classes"
      guard let head = heads.first(where: { $0.name == task.name }) else {
        let names = heads.map { "'\($0.name)'" }.joined(separator: ", ")
        throw PluginError.invalid(
          "\(wanted), but model '\(plan.model.name)' has no head for it (\(names.isEmpty ? "none at all" : "only \(names)"))"
        )
      }
      guard let classes = head.classes else { continue }
      guard classes.count == task.classes.count else {
        throw PluginError.invalid(
          "\(wanted), but the head of model '\(plan.model.name)' has \(classes.count)")
      }
      guard classes == task.classes else {
        throw PluginError.invalid(
          "the classes of task '\(task.name)' are [\(task.classes.joined(separator: ", "))] in dataset "
            + "'\(plan.dataset.name)' but [\(classes.joined(separator: ", "))] in model '\(plan.model.name)'",
          hint: "class numbers depend on the order: both must list the classes in the same order")
      }
    }
  }

  /// Checks that the whole model is where `--cpu` wants it.
  package func checkOnCPU(_ plan: RunPlan) throws { try Self.checkOnCPU(model, name: plan.model.name) }

  package static func checkOnCPU(_ model: ImportedModel, name: String) throws {
    let (place, hint) = (ModelPlace(of: model), "leave --cpu out, or choose another --model")
    // What it says counts: memory that it keeps to itself may be the CPU's.
    if let device = place.device {
      guard !place.isCPU else { return }
      throw PluginError.invalid("--cpu: model '\(name)' computes on \(device)", hint: hint)
    }
    for parameter in model.parameters where parameter.value.deviceType != SENTRY_DEVICE_CPU {
      throw PluginError.invalid(
        "--cpu: model '\(name)' keeps '\(parameter.name)' on device type \(parameter.value.deviceType)", hint: hint)
    }
  }
}
