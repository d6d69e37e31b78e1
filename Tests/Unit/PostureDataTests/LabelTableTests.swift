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

  @Test(arguments: [
    (
      "{\n \"a\": {\"posture\": 0},\n \"a\": {\"posture\": 1}\n}",
      "line 3, column 2: the key 'a' is there twice, first in line 2"
    ),
    (#"{"a": {"posture": 0, "posture": 1}}"#, "line 1, column 22: the key 'posture' is there twice"),
    (#"{"a": {"posture": 0, "p\u006fsture": 1}}"#, "the key 'posture' is there twice"),
    ("{\n\"é\": {\"posture\": NaN}}", "line 2, column 18: NaN is no value of JSON"),
    (#"{"a": {"posture": -Infinity}}"#, "line 1, column 19: -Infinity is no value of JSON"),
    (#"{"a": {"posture": 1e400}}"#, "line 1, column 19: 1e400 is beyond the range of numbers"),
    (#"{"a": {"posture": \#(String(repeating: "9", count: 400))}}"#, "9 is beyond the range of numbers"),
    (#"{"a": {"posture": None}}"#, "None is no value of JSON"),
    (#"{"a": {"posture": True}}"#, "True is no value of JSON"),
    (#"{"a": {"posture": 0,}}"#, "line 1, column 21: a comma stands before the closing }"),
    ("{'a': 1}", "line 1, column 2: a key in double quotes is due here"),
    ("{\"a\": ", "the text ends before its last value"),
    ("", "the text is empty"), ("{} {}", "line 1, column 4: more follows"), (#"{"a": 01}"#, "'01' is no value of JSON"),
    (#"{"a" 1}"#, "a colon is due here"), ("{\"a\n\": 1}", "line 1, column 2: a text is not closed"),
    (#"{"a": "\x"}"#, "a backslash stands before"),
    (String(repeating: "[", count: 600), "more than 512 values are nested"),
  ]) func faultsOfJSONHaveAPlace(text: String, message: String) {
    let error = failure { _ = try table(text) }
    #expect(
      error?.message.hasPrefix("labels.json: line ") == true && error?.message.contains(message) == true,
      "\(error?.message ?? "none")")
  }

  @Test func whatIsJSONIsTaken() throws {
    let text = #" {"\u00e9\uD83D\uDE00\/": {"posture": 1e0, "subject": -7}, "e": {"posture": 2}} "#
    let error = failure { _ = try table(text) }
    // 1e0 is a number of JSON; that it is 1.0 and no class is told by who reads labels.
    #expect(error.map { $0.message.contains("for posture") } ?? true)
    #expect(
      try JSON.decode([String: [Double]].self, from: #"{"a": [0, -0.5, 1E+3, 2.5e-3], "A": []}"#, what: "x")["a"]?.count
        == 4)
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
