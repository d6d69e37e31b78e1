import SentryPluginAPI

/// What the host fills into the options of a run's components because it follows from the data or from the component
/// before them: their tasks, what is put in, and how the training samples' values lie.
package struct DerivedOptions {
  package let dataset: ImportedDataset
  /// Once it is made; the models' input is what it gives.
  package var augmenter: ImportedAugmenter?
  private let run: RunOptions
  private let tasks: JSONValue

  package init(_ dataset: ImportedDataset, run: RunOptions) throws {
    (self.dataset, self.run) = (dataset, run)
    tasks = try Self.json(dataset.specification.tasks)
  }

  /// - Returns: the options with what the schema of the component asks the host for. Reads samples only where it asks for
  ///   their statistics, or for an input whose extents only a sample tells.
  package func complete(_ values: [String: JSONValue], of entry: Registry.Entry) throws -> [String: JSONValue] {
    var values = values
    let wanted = try entry.schema().properties.filter { $0.value.isHostFilled }
    if wanted["tasks"] != nil { values["tasks"] = tasks }
    if wanted["input"] != nil { values["input"] = try Self.json(try input(of: entry.kind)) }
    if wanted["statistics"] != nil, dataset.providesStatistics {
      // Those of the final training side: what is held out or cut off must not be seen.
      let train = try DataPartition(of: dataset, options: run).train
      values["statistics"] = try Self.json(try dataset.statistics(of: train.indices, in: train.split))
    }
    return values
  }

  private func input(of kind: ComponentKind) throws -> TensorSpecification {
    guard kind != .augmenter else { return dataset.specification.sample }
    let given = augmenter?.specification.output ?? dataset.specification.sample
    guard given.shape.contains(-1) else { return given }
    return try SampleReader.settled(
      given, dataset: dataset, augmenter: augmenter, list: try DataPartition(of: dataset, options: run).train,
      skipBad: run.skipBad)
  }

  private static func json(_ value: some Encodable) throws -> JSONValue {
    try JSON.decode(JSONValue.self, from: try JSON.text(value), what: "what the host fills in")
  }
}
