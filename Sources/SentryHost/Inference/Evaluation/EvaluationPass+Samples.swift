import SentryPluginAPI
import SentryRuntime

extension EvaluationPass {
  /// Which samples of a dataset a trained model is evaluated on.
  package struct Samples {
    package let split: Split
    package let samples: SampleList
    /// What the reader of the numbers must know.
    package let notes: [String]
    /// Whether the model was, or may have been, chosen on these samples.
    let choseModel: Bool

    /// - Parameters:
    ///   - wanted: nil for the test split where there is one, else validation.
    ///   - isTrainings: whether the dataset is the one that the model was trained on.
    ///   - run: the run that the model is from, where it is known: its hold-out stands in for a validation split.
    ///   - chosenOn: the fingerprint of the samples that the run chose its model on; nil where it is not known.
    package init(
      _ wanted: Split?, of dataset: ImportedDataset, title: String, isTrainings: Bool, run: RunOptions?,
      chosenOn: String? = nil
    ) throws {
      let counts = try Split.allCases.map { (split: $0, count: try dataset.believedCount(in: $0)) }
      func has(_ split: Split) -> Bool { counts.contains { $0.split == split && $0.count > 0 } }
      let split = wanted ?? (has(.test) ? .test : .validation)
      var notes: [String] = []
      if has(split) {
        samples = try SampleList(of: split, in: dataset)
      } else {
        guard split == .validation, has(.train), isTrainings, var run else {
          let known = counts.filter { $0.count > 0 }.map { "\($0.split) (\($0.count))" }.joined(separator: ", ")
          throw PluginError.invalid(
            "\(title) has no \(wanted == nil ? "test and no validation" : "\(split)") samples"
              + (known.isEmpty ? "; it has none at all" : ", only \(known)"),
            hint: known.isEmpty ? "check --data" : "name the split with --split")
        }
        run.limit = nil
        let partition = try DataPartition(of: dataset, options: run)
        samples = partition.validation
        notes += partition.notes
      }
      let fingerprint = String(samples.fingerprint(0), radix: 16)
      let isSame = chosenOn.map { $0 == fingerprint }
      choseModel = split == .validation && isTrainings && isSame != false
      if choseModel {
        let lower = "on new data its numbers are likely to be lower."
        notes.insert(
          isSame == true
            ? "The validation split selected the model: \(lower)"
            : "If these are the validation samples of the training, the split selected the model: \(lower)", at: 0)
      }
      (self.split, self.notes) = (split, Self.warnings(split, isGiven: wanted != nil, isTrainings) + notes)
    }

    private static func warnings(_ split: Split, isGiven: Bool, _ isTrainings: Bool) -> [String] {
      switch split {
      case .test: []
      case .validation:
        isGiven ? [] : ["There is no test split: the numbers are of the validation split."]
      case .train:
        isTrainings ? ["The model was trained on this split: the numbers do not show its performance on new data."] : []
      }
    }
  }
}
