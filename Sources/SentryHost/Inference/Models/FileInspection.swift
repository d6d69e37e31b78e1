import SentryExchange
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// What a file says of itself.
package struct FileInspection {
  package struct Tensor {
    package let name: String
    package let dtype: String
    package let shape: [Int]
  }

  /// What a reader is told first.
  package private(set) var rows: [(name: String, value: String)]
  package private(set) var tensors: [Tensor] = []
  private var members: [String: JSONValue]

  package var json: JSONValue {
    var all = members
    all["tensors"] = .array(
      tensors.map {
        ["name": .string($0.name), "dtype": .string($0.dtype), "shape": .array($0.shape.map(JSONValue.integer))]
      })
    return .object(all)
  }

  /// - Throws: ``FormatError`` for a file of no known kind, and for a damaged one.
  package init(_ path: String) throws {
    rows = [("file", path)]
    members = ["file": .string(path)]
    switch try FileKind(path) {
    case .pytorch: try readPyTorch(path)
    case .safetensors: try readSafetensors(path)
    case .npy: try readArray(path)
    case .onnx: try readONNX(path)
    }
  }

  private mutating func say(_ name: String, _ value: String, _ json: JSONValue? = nil) {
    rows.append((name, value))
    members[name] = json ?? .string(value)
  }

  private mutating func readPyTorch(_ path: String) throws {
    let weights = try WeightsFile(path)
    guard let content = weights.content else { return }
    say("format", "PyTorch")
    if let dictionary = content.dictionary, !weights.place.isEmpty {
      let keys = dictionary.keys.compactMap { key in if case .string(let name) = key { name } else { nil } }
      say("keys", keys.joined(separator: ", "), .array(keys.map(JSONValue.string)))
    }
    if let epoch = content["epoch"]?.int { say("epoch", "\(epoch)", .integer(epoch)) }
    if let best = content["best_val_acc"]?.double { say("best_val_acc", NumberText.fixed(best, 2), .number(best)) }
    if let state = content["optimizer_state_dict"]?["state"]?.dictionary {
      let count = Array(state.pairs).count
      say("optimizer", "state of \(count) parameters")
    }
    describe(content["sentry"].flatMap(JSONValue.init), of: path)
    if !weights.place.isEmpty { say("weights", "under \(weights.place.joined(separator: "."))") }
    list(weights.tensors)
  }

  private mutating func readSafetensors(_ path: String) throws {
    let file = try SafetensorsFile.read(path)
    say("format", "safetensors")
    for (name, text) in file.metadata.sorted(by: { $0.key < $1.key }) where name != ModelFile.aboutKey {
      say("metadata.\(name)", text)
    }
    describe(try file.metadata[ModelFile.aboutKey].map { try JSON.decode(from: $0, what: path) }, of: path)
    list(file.tensors)
  }

  private mutating func readArray(_ path: String) throws {
    let array = try NPYFile.read(path)
    say("format", "NumPy")
    say("dtype", array.dtype.rawValue)
    say("shape", "\(array.shape)", .array(array.shape.map(JSONValue.integer)))
  }

  private mutating func readONNX(_ path: String) throws {
    let summary = try ONNXSummary(path: path)
    say("format", "ONNX")
    if !summary.producer.isEmpty { say("producer", summary.producer) }
    if let opset = summary.opset { say("opset", "\(opset)", .integer(opset)) }
    func text(_ values: [ONNXSummary.Value]) -> String {
      values.map { "\($0.name) [\($0.shape.joined(separator: ", "))]" }.joined(separator: ", ")
    }
    say("inputs", text(summary.inputs))
    say("outputs", text(summary.outputs))
    let operators = summary.operators.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    say(
      "operators", operators.map { "\($0.value) \($0.key)" }.joined(separator: ", "),
      .object(summary.operators.mapValues(JSONValue.integer)))
    describe(try summary.metadata[ModelFile.aboutKey].map { try JSON.decode(from: $0, what: path) }, of: path)
    tensors = summary.initialisers.map { Tensor(name: $0.name, dtype: $0.dtype, shape: $0.shape) }
    countTensors()
  }

  /// What a run of ours wrote about its model.
  private mutating func describe(_ about: JSONValue?, of path: String) {
    guard let about = about?.markingUntrainedTasks(beside: path) else { return }
    let untrained = about.untrainedTasks
    members[ModelFile.aboutKey] = about
    func add(_ name: String, _ text: String?) { if let text { rows.append((name, text)) } }
    add("sentry", about["version"]?.stringValue)
    add("recipe", about["recipe"]?.stringValue)
    add("model", about["model"]?["name"]?.stringValue)
    if let input = about["input"]?["shape"]?.arrayValue?.compactMap(\.intValue) { add("input", "\(input)") }
    for task in about["tasks"]?.arrayValue ?? [] {
      let classes = task["classes"]?.arrayValue?.compactMap(\.stringValue) ?? []
      let name = task["name"]?.stringValue ?? "?"
      add("task \(name)", classes.joined(separator: ", ") + (untrained.contains(name) ? " (not trained)" : ""))
    }
    for name in [ModelFile.weightsKey, "device", "precision"] { add(name, about[name]?.stringValue) }
    for name in ["dataset", "augmenter"] { add(name, about[name]?["name"]?.stringValue) }
    if let value = about["normalisation"], value != .null { add("normalisation", try? JSON.text(value)) }
    if let live = about["live"], live != .null { add("live", try? JSON.text(live)) }
  }

  private mutating func list(_ state: [(name: String, tensor: StoredTensor)]) {
    tensors = state.map { Tensor(name: $0.name, dtype: $0.tensor.dtype.rawValue, shape: $0.tensor.shape) }
    countTensors()
  }

  private mutating func countTensors() {
    let values = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    rows.append(("tensors", "\(tensors.count), \(values) values"))
    members["values"] = .integer(values)
  }
}
