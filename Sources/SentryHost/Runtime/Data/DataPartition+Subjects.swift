import SentryPluginAPI

extension DataPartition {
  /// Says of whom the validation samples are, and whether training has seen them; nil where the dataset knows no groups.
  static func subjects(train: SampleList, validation: SampleList, in dataset: any Dataset) -> String? {
    func groups(_ list: SampleList) -> (known: Set<Int>, unknown: Int) {
      let all = list.indices.map { dataset.group(at: $0, in: list.split) }
      return (Set(all.compactMap { $0 }), all.count { $0 == nil })
    }
    let (trained, validated) = (groups(train), groups(validation))
    guard !trained.known.isEmpty || !validated.known.isEmpty else { return nil }
    let shared = trained.known.intersection(validated.known).count
    var text = "validation: \(validated.known.count) of \(trained.known.union(validated.known).count) subjects, "
    text += shared == 0 ? "none in training" : "\(shared) of them also in training: the accuracy is too optimistic"
    if trained.unknown + validated.unknown > 0 {
      text += "; the subject of \(trained.unknown) training and \(validated.unknown) validation samples is unknown"
    }
    return text
  }
}
