import CSentryPlugin
import SentryPluginAPI
import Testing

@testable import SourcesPosture

@Suite struct MultiPostureTests {
  static let header: String = {
    var names = ["subject", "upperbody_label", "lowerbody_label"]
    for landmark in MultiPosture.landmarks { names += ["x", "y", "z"].map { axis in "\(landmark)_\(axis)" } }
    return names.joined(separator: ",")
  }()

  static func row(_ subject: String, _ upper: String, _ lower: String, _ value: Float = 0) -> String {
    ([subject, upper, lower] + (0..<99).map { "\(value + Float($0) / 100)" }).joined(separator: ",")
  }

  static func source(_ options: PreparerOptions = options()) -> MultiPosture {
    MultiPosture(options: options, host: QuietHost.host)
  }

  /// Three subjects; the second changes its label twice and comes back to the first one.
  static let rows =
    [
      ("1", "TUP", "LAP", 3), ("2", "TLB", "LCS", 2), ("2", "TLF", "LLR", 4), ("2", "TLR", "LCR", 1),
      ("2", "TLB", "LCS", 5),
      ("3", "TLL", "LWA", 2),
    ].flatMap { subject, upper, lower, count in (0..<count).map { row(subject, upper, lower, Float($0)) } }

  @Test func framesAreCutIntoRunsOfOneLabel() throws {
    let tree = try Tree()
    let raw = try tree.write("data.csv", ([Self.header] + Self.rows).joined(separator: "\n"))
    let report = try Self.source().prepare(raw, to: tree.output)
    // TLB and TLF are both slouched, LCS and LLR both fidgeting: one run of six frames.
    let labels = try tree.allLabels()
    #expect(labels.count == 5)
    #expect(labels["multiposture_1_0001"] == PostureLabels(posture: 0, stress: 0, subject: "multiposture/1"))
    #expect(labels["multiposture_2_0001"] == PostureLabels(posture: 1, stress: 1, subject: "multiposture/2"))
    #expect(labels["multiposture_2_0002"] == PostureLabels(posture: 2, stress: 2, subject: "multiposture/2"))
    #expect(labels["multiposture_2_0003"] == PostureLabels(posture: 1, stress: 1, subject: "multiposture/2"))
    #expect(labels["multiposture_3_0001"] == PostureLabels(posture: 2, stress: 0, subject: "multiposture/3"))
    let run = try tree.sequence("multiposture_2_0001")
    #expect(run.shape == [6, 99])
    #expect(run.values[0] == 0 && run.values[99] == 1 && run.values[101] == 1.02)
    #expect((report.samples["train"] ?? 0) + (report.samples["val"] ?? 0) == 5)
    #expect(report.notes.contains { $0.hasPrefix("trajectory: no labels; absent") })
    #expect(!labels.values.contains { $0.trajectory != nil }, "what the set does not have is absent, never 0")
  }

  @Test(arguments: [UInt64(1), 2, 3, 42]) func noSubjectIsOnBothSides(seed: UInt64) throws {
    let tree = try Tree()
    let raw = try tree.write("data.csv", ([Self.header] + Self.rows).joined(separator: "\n"))
    _ = try Self.source(options(seed: seed)).prepare(raw, to: tree.output)
    let train = Set(try tree.labels("train").values.map(\.subject))
    let val = Set(try tree.labels("val").values.map(\.subject))
    #expect(train.isDisjoint(with: val) && !train.isEmpty && !val.isEmpty)
    let again = try Tree()
    _ = try Self.source(options(seed: seed)).prepare(raw, to: again.output)
    #expect(try again.labels("val") == tree.labels("val"), "the same seed, the same split")
  }

  @Test func labelsAreDerivedOnlyWhenAsked() throws {
    let tree = try Tree()
    let rows =
      (0..<20).map { Self.row("1", "TUP", "LAP", Float($0)) } + (0..<20).map { Self.row("2", "TLF", "LAP", Float($0)) }
    let raw = try tree.write("data.csv", ([Self.header] + rows).joined(separator: "\n"))
    let report = try Self.source(options(derive: "trajectory")).prepare(raw, to: tree.output)
    #expect(try tree.allLabels().values.allSatisfy { $0.trajectory != nil && $0.stress == 0 })
    #expect(
      report.notes.contains {
        $0.hasPrefix("derived labels, computed from movement by the joint rule and not observed: trajectory")
      })
    let unknown = try failure(tree, Self.source(options(derive: "mood")), raw)
    #expect(unknown.code == SENTRY_INVALID && unknown.message.contains("'mood' cannot be derived"))
  }

  @Test(arguments: [
    ("line 3: 'TXX' is not an upper-body label", [row("1", "TUP", "LAP"), row("1", "TXX", "LAP")]),
    ("line 2: 'LXX' is not a lower-body label", [row("1", "TUP", "LXX")]),
    ("line 2: the subject is missing", [row("", "TUP", "LAP")]),
    ("line 2: has 3 fields, the header has 102", ["1,TUP,LAP"]),
    (
      "line 2: field 4 is 'nan' but must be a finite number", [row("1", "TUP", "LAP").replacing(",0.0,", with: ",nan,")]
    ),
    ("line 2: field 4 is 'x' but must be a finite number", [row("1", "TUP", "LAP").replacing(",0.0,", with: ",x,")]),
    ("the raw data hold no usable sequence", []),
  ]) func malformedRowsAreNamed(text: String, rows: [String]) throws {
    let tree = try Tree()
    let raw = try tree.write("data.csv", ([Self.header] + rows).joined(separator: "\n"))
    let error = try failure(tree, Self.source(), raw)
    #expect(error.message.contains(text), "\(error.message)")
    #expect(error.code == SENTRY_BAD_DATA)
  }

  @Test func anotherTableIsRefused() throws {
    let tree = try Tree()
    let raw = try tree.write("data.csv", "a,b,c\n1,2,3\n")
    #expect(try failure(tree, Self.source(), raw).message.contains("has no column subject"))
    let narrow = try tree.write("narrow.csv", "subject,upperbody_label,lowerbody_label,x\n1,TUP,LAP,2\n")
    #expect(
      try failure(tree, Self.source(), narrow).message.contains(
        "the header lacks 99 of the 99 columns of features: nose_x"))
    let empty = try tree.write("empty.csv", "")
    #expect(try failure(tree, Self.source(), empty).message.contains("the file is empty"))
    #expect(try failure(tree, Self.source(), tree.path("gone.csv")).code == SENTRY_INVALID)
  }

  /// One subject's frames, each value the number of its column, under a header in this order.
  private func sequence(_ header: [String], values: [String: Float]) throws -> [Float] {
    let tree = try Tree()
    let rows = ["1", "2"].map { subject in
      header.map { name in
        switch name {
        case "subject": subject
        case "upperbody_label": "TUP"
        case "lowerbody_label": "LAP"
        default: "\(values[name] ?? 0)"
        }
      }.joined(separator: ",")
    }
    let raw = try tree.write("data.csv", ([header.joined(separator: ",")] + rows).joined(separator: "\n"))
    _ = try Self.source().prepare(raw, to: tree.output)
    return try tree.sequence("multiposture_1_0001").values
  }

  @Test func columnsAreFoundByTheirNames() throws {
    let header = Self.header.split(separator: ",").map(String.init)
    let values = Dictionary(uniqueKeysWithValues: MultiPosture.features.enumerated().map { ($1, Float($0)) })
    let expected = (0..<99).map(Float.init)
    #expect(try sequence(header, values: values) == expected)
    #expect(try sequence(header.reversed(), values: values) == expected)
    #expect(try sequence(Array(header[6...] + header[..<6]), values: values) == expected)
  }

  @Test(arguments: [
    ("nose_x", "foo_x", "the header lacks 1 of the 99 columns of features: nose_x; it has the unknown foo_x"),
    ("nose_x", "nose_y", "has the column nose_y 2 times, as fields 4, 5"),
    ("right_foot_index_z", "right_foot_index_z,extra", "the header has unknown columns: extra"),
  ]) func columnsThatAreNotTheSetsAreNamed(name: String, replacement: String, text: String) throws {
    let tree = try Tree()
    let header = Self.header.replacing(",\(name)", with: ",\(replacement)")
    let raw = try tree.write("data.csv", header + "\n" + Self.row("1", "TUP", "LAP"))
    let error = try failure(tree, Self.source(), raw)
    #expect(error.message.contains(text) && error.code == SENTRY_BAD_DATA, "\(error.message)")
  }
}
