import SentryPluginAPI

extension DataPartition {
  /// What training has no sample of counts for nothing in validation, and what validation has none of is never looked at.
  static func absentClasses(train: SampleList, validation: SampleList, in dataset: any Dataset) -> [String] {
    dataset.specification.tasks.enumerated().compactMap { task, description in
      let trained = Set(train.classes(ofTask: task).filter { $0 >= 0 })
      let validated = Set(validation.classes(ofTask: task).filter { $0 >= 0 })
      let absent = trained.subtracting(validated).sorted().filter(description.classes.indices.contains)
      guard !absent.isEmpty, !validated.isEmpty else { return nil }
      return
        "validation has no \(absent.map { description.classes[$0] }.joined(separator: ", ")) of \(description.name): the "
        + "best model is chosen by the other \(validated.count) \(validated.count == 1 ? "class" : "classes") alone"
    }
  }

  /// Where names tell that both sides have frames of the same recordings; nil where they do not.
  static func sharedNames(train: SampleList, validation: SampleList, in dataset: any Dataset) -> String? {
    let lists = [train, validation]
    let names = lists.flatMap { list in list.indices.map { dataset.name(at: $0, in: list.split) } }
    guard let found = RecordingNames(names, classes: lists.flatMap { $0.classes(ofTask: 0) }) else { return nil }
    let trained = Set(found.groups[..<train.count].compactMap(\.self))
    let shared = found.groups[train.count...].count { $0.map(trained.contains) ?? false }
    guard shared > 0 else { return nil }
    return
      "\(shared) of \(validation.count) validation samples have names like frames of recordings that training has, too "
      + "(such as \(found.example)): the accuracy is too optimistic"
  }

  /// Says of whom the validation samples are, and whether training has seen them; nil where the dataset knows no groups.
  static func subjects(train: SampleList, validation: SampleList, in dataset: any Dataset) -> String? {
    func groups(_ list: SampleList) -> (known: Set<Int>, unknown: Int) {
      let all = list.indices.map { dataset.group(at: $0, in: list.split) }
      return (Set(all.compactMap { $0 }), all.count { $0 == nil })
    }
    let (trained, validated) = (groups(train), groups(validation))
    guard !trained.known.isEmpty || !validated.known.isEmpty else { return nil }
    let shared = trained.known.intersection(validated.known).count
    let (noun, one) =
      switch dataset.specification.groups {
      case .subjects: ("subjects", "subject")
      case .recordings: ("recordings", "recording")
      case nil: ("groups (people or recordings)", "group")
      }
    var text = "validation: \(validated.known.count) of \(trained.known.union(validated.known).count) \(noun), "
    text += shared == 0 ? "none in training" : "\(shared) of them also in training: the accuracy is too optimistic"
    if trained.unknown + validated.unknown > 0 {
      text += "; the \(one) of \(trained.unknown) training and \(validated.unknown) validation samples is unknown"
    }
    if dataset.specification.groups == .recordings {
      text += "; people are unknown: whether one is on both sides cannot be said"
    }
    return text
  }
}
