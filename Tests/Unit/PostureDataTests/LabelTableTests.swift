import SentryPluginAPI
import SentryPosture
import Testing

@Suite struct LabelTableTests {
  private func table(_ text: String, _ form: LabelTable.Form = .object) throws -> LabelTable {
    try LabelTable(text, file: "labels.json", tasks: PostureTasks.all, form: form)
  }

  @Test func numbersNamesAndGaps() throws {
    let table = try table(
      #"{"a": {"posture": 3, "stress": "calm", "subject": "p1"}, "b": {"trajectory": 2, "stress": null, "subject": 7}}"#
    )
    #expect(table.entries["a"] == .init(classes: ["posture": 3, "stress": 0], subject: "p1"))
    #expect(table.entries["b"] == .init(classes: ["trajectory": 2], subject: "7"))
    #expect(table.labelledTasks == ["posture", "stress", "trajectory"])
  }

  @Test func listsWhereTheyAreAllowed() throws {
    let text = #"[{"id": "a", "stress": 1}, {"id": "b", "posture": 0}]"#
    #expect(try table(text, .objectOrList).entries["a"]?.classes == ["stress": 1])
    let refused = failure { _ = try table(text) }
    #expect(refused?.message == "labels.json: holds a list where an object is expected")
    let twice = failure { _ = try table(#"[{"id": "a", "stress": 1}, {"id": "a", "stress": 2}]"#, .objectOrList) }
    #expect(twice?.message.contains("'a' occurs twice") == true)
    let nameless = failure { _ = try table(#"[{"stress": 1}]"#, .objectOrList) }
    #expect(nameless?.message.contains("entry 1 has no id") == true)
  }

  @Test(arguments: [
    (#"{"a": {"posture": 4}}"#, "'a' has 4 for posture, which is not a class of it"),
    (#"{"a": {"posture": -1}}"#, "'a' has -1 for posture"),
    (#"{"a": {"posture": 1.5}}"#, "'a' has 1.5 for posture"),
    (#"{"a": {"posture": "sideways"}}"#, #"'a' has "sideways" for posture"#),
    (#"{"a": {"posture": [0]}}"#, "'a' has [0] for posture"),
    (#"{"a": {"posture": true}}"#, "'a' has true for posture"),
    (#"{"a": {"mood": 1}}"#, "'a' has the unknown key 'mood'"),
    (#"{"a": 3}"#, "the labels of 'a' are a number"),
    (#"{"a": {"posture": 1, "subject": {}}}"#, "the subject of 'a' is an object"),
    ("7", "holds a number where an object is expected"), (#""x""#, "holds a string where an object is expected"),
    ("{\"a\": ", "labels.json"), ("", "labels.json"),
  ]) func whatIsNoLabelIsNamed(text: String, message: String) throws {
    let error = failure { _ = try table(text) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "none")")
    #expect(error?.hint != nil)
  }

  @Test func itemsAndLabelsBelongTogether() throws {
    let table = try table(#"{"a": {"posture": 1}, "b": {"subject": "x"}, "c": {"stress": 1}}"#)
    let unlabelled = failure { try table.check(items: ["a", "b", "d"], noun: "sequence", folder: "s", file: "l") }
    #expect(unlabelled?.message == "l: no label for 2 of 3 sequences in s: b, d")
    let absent = failure { try table.check(items: ["a"], noun: "sequence", folder: "s", file: "l") }
    #expect(absent?.message == "l: labels of 2 sequences that are not in s: b, c")
  }

  @Test func sharedSubjects() throws {
    var subjects = Subjects()
    for name in ["p1", "p2"] { subjects.insert(name, in: .train) }
    subjects.insert("p3", in: .validation)
    #expect(
      try subjects.notes(of: "d", noun: "sequence", allowShared: false) == [
        "3 subjects, none of them in more than one split"
      ])
    subjects.insert("p2", in: .validation)
    let error = failure { _ = try subjects.notes(of: "d", noun: "sequence", allowShared: false) }
    #expect(error?.message == "d: 1 subjects are in more than one split: p2")
    #expect(try subjects.notes(of: "d", noun: "sequence", allowShared: true)[0].contains("(p2)"))
  }
}
