import CSentryPlugin
import SentryPluginAPI
import Testing

@testable import DatasetFeatures

@Suite struct FeaturesDatasetTests {
  private let tree: Tree
  init() throws { tree = try Tree() }

  private func open(_ change: (inout FeaturesOptions) -> Void = { _ in }) throws -> FeaturesDataset {
    var options = FeaturesOptions()
    options.path = tree.path
    change(&options)
    return try FeaturesDataset(options, host: nil)
  }

  private func vectors(_ names: [String], in folder: String = "") throws {
    for (position, name) in names.enumerated() {
      try tree.array("\(folder)\(name).npy", position == 0 ? [3] : [1, 3], from: Float(position * 10))
    }
  }

  @Test func onlyTheTasksThatLabelsNameInFixedOrder() throws {
    try vectors(["a", "b"])
    try tree.write(
      "labels.json", text: #"[{"id": "b", "anxiety": 3, "stress": "high"}, {"id": "a", "stress": 1, "subject": "x"}]"#)
    let data = try open()
    #expect(data.specification.tasks.map(\.name) == ["stress", "anxiety"])
    #expect(data.specification.tasks.map(\.classes.count) == [3, 4])
    #expect(data.specification.sample == TensorSpecification(.float32, [3], layout: "F"))
    #expect(Split.allCases.map(data.count) == [2, 0, 0])
    #expect(try data.targets(at: 0, in: .train) == [1, nil] && data.targets(at: 1, in: .train) == [2, 3])
    #expect(try data.sample(at: 1, in: .train).array(of: Float.self) == [10, 11, 12])
    #expect(data.group(at: 0, in: .train) != nil && data.group(at: 1, in: .train) == nil)
    #expect(data.specification.notes.contains("1 vector without a label of anxiety, masked there"))
  }

  @Test func objectFormAndLabelsElsewhere() throws {
    try vectors(["a", "b"], in: "features/")
    let labels = #"{"a": {"depression": 0}, "b": {"depression": 1}}"#
    try tree.write("labels.json", text: labels)
    #expect(try open().specification.tasks.map(\.name) == ["depression"])
    #expect(FeaturesDataset.score(tree.path) == 60)
    try tree.write("other.json", text: labels.replacing("depression", with: "trajectory"))
    let other = try open { ($0.path, $0.labels) = ("\(tree.path)/features", "\(tree.path)/other.json") }
    #expect(other.specification.tasks.map(\.name) == ["trajectory"])
  }

  @Test(arguments: ["val", "test"]) func aFolderToEvaluateOnNeedsNoTraining(split: String) throws {
    try vectors(["a", "b"], in: "\(split)/")
    try tree.write("\(split)/labels.json", text: #"{"a": {"stress": 0, "recording": 4}, "b": {"stress": 1}}"#)
    let data = try open()
    #expect(Split.allCases.map(data.count) == (split == "val" ? [0, 2, 0] : [0, 0, 2]))
    #expect(data.specification.groups == .recordings)
    #expect(FeaturesDataset.score(tree.path) == 90)
  }

  @Test func numbersAreNamesOfFiles() throws {
    try vectors(["7", "8"])
    try tree.write("labels.json", text: #"[{"id": 7, "stress": 0}, {"id": "8", "stress": 1}]"#)
    #expect(try open().targets(at: 0, in: .train) == [0])
    try tree.write("labels.json", text: #"[{"id": 1, "stress": 0}, {"id": 2, "stress": 1}]"#)
    let error = failure { _ = try open() }
    #expect(error?.message.contains("no label for 2 of 2 vectors") == true)
    #expect(error?.message.contains("7, 8; there are labels of 1, 2") == true)
    try tree.write("labels.json", text: #"[{"id": [7], "stress": 0}]"#)
    #expect(failure { _ = try open() }?.message.contains("entry 1: its id is a list") == true)
  }

  @Test func splitsAndTasksOfTheirOwn() throws {
    try vectors(["a", "b"], in: "train/")
    try vectors(["c"], in: "val/")
    try tree.write("train/labels.json", text: #"{"a": {"mood": "low"}, "b": {"mood": 1}}"#)
    try tree.write("val/labels.json", text: #"{"c": {"mood": 0}}"#)
    #expect(failure { _ = try open() }?.message.contains("the unknown key 'mood'") == true)
    for split in ["train", "val"] {
      try tree.write("\(split)/tasks.json", text: #"[{"name": "mood", "classes": ["low", "up"]}]"#)
    }
    let data = try open()
    #expect(data.specification.tasks == [ClassificationTask("mood", classes: ["low", "up"])])
    #expect(Split.allCases.map(data.count) == [2, 1, 0])
    try tree.write("val/tasks.json", text: #"[{"name": "mood", "classes": ["up", "low"]}]"#)
    #expect(failure { _ = try open() }?.message.contains("differs from that of another split") == true)
    try tree.write("train/tasks.json", text: #"[{"name": "mood", "classes": ["up"]}]"#)
    #expect(failure { _ = try open() }?.message.contains("task 1 needs a name") == true)
  }

  @Test func whatIsNoVectorIsRefusedByName() throws {
    try vectors(["a", "b"])
    try tree.write("labels.json", text: #"{"a": {"stress": 0}, "b": {"stress": 1}}"#)
    try tree.array("b.npy", [2, 3])
    #expect(failure { _ = try open() }?.message.contains("b.npy: has the shape [2, 3]; a vector is [D]") == true)
    try tree.array("b.npy", [4])
    #expect(failure { _ = try open() }?.message.contains("vectors differ in length") == true)
    try tree.array("b.npy", [3], values: [0, .infinity, 1])
    let data = try open()
    let bad = failure { _ = try data.sample(at: 1, in: .train) }
    #expect(bad?.message.hasSuffix("b.npy: inf at position 1") == true && bad?.code == SENTRY_BAD_DATA)
    try tree.write("labels.json", text: #"{"a": {"stress": 0}}"#)
    #expect(failure { _ = try open() }?.message.contains("no label for 1 of 2 vectors") == true)
    try tree.write("labels.json", text: #"{"a": {"stress": 0}, "b": {"stress": 3}}"#)
    #expect(failure { _ = try open() }?.message.contains("'b' has 3 for stress") == true)
  }

  @Test func labelsMustBeThere() throws {
    try vectors(["a"])
    #expect(failure { _ = try open() }?.message.contains("there is no labels.json") == true)
    #expect(FeaturesDataset.score(tree.path) == 60)
    try tree.write("labels.json", text: "{}")
    #expect(FeaturesDataset.score(tree.path) == 90)
    #expect(FeaturesDataset.score("/nowhere") == 0)
  }
}
