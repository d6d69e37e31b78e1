import FoundationEssentials
import Glibc
import SentryBase
import SentryFormats
import SentryPluginAPI

/// Writes `{train,val}/sequences/*.npy` with `labels.json`: into a folder beside the output, which takes its place when all is
/// there. Sequences of an output that was there before stay, if they have the same width.
final class PostureWriter {
  private let set: String
  let existing: PostureFolder
  private let scratch: String
  private var width: Int?
  private(set) var written: [(name: String, labels: PostureLabels, group: String, recording: String)] = []
  private var names: Set<String> = []
  private var isFinished = false
  private(set) var frames = 0
  private var unlabelled = 0

  /// - Parameter set: the key of the source: the first part of every name.
  init(_ set: String, output: String) throws {
    self.set = set
    var path = output
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    existing = try PostureFolder(path)
    let parent = Paths.folder(of: path)
    try FileSystem.makeFolder(parent)
    scratch = "\(parent)/.\(Paths.last(path)).preparing-\(getpid())"
    FileSystem.remove(scratch)
    try FileSystem.makeFolder("\(scratch)/all")
  }

  deinit { if !isFinished { FileSystem.remove(scratch) } }

  var count: Int { written.count }

  /// - Parameter place: where the sequence comes from, for errors.
  func add(_ sequence: PreparedSequence, place: String) throws {
    let frames = sequence.frames
    guard frames.count > 0 else { throw PluginError.badData("\(place): has no frames") }
    guard frames.isFinite else {
      throw PluginError.badData("\(place): holds NaN or infinity", hint: "repair or remove it")
    }
    if let width, width != frames.width {
      throw PluginError.badData("\(place): has \(frames.width) features a frame, the ones before it have \(width)")
    }
    if let there = existing.width, there != frames.width {
      throw PluginError.invalid(
        "\(existing.path) already holds sequences of \(there) features a frame; those of \(set) have \(frames.width)",
        hint: "give a new --output: all sequences of a set must have one width")
    }
    width = frames.width
    guard !sequence.labels.isEmpty else {
      unlabelled += 1
      return
    }
    let name = Self.fileName("\(set)_\(sequence.name)")
    guard names.insert(name).inserted else { throw PluginError.badData("\(place): two sequences are called \(name)") }
    guard !existing.labels.values.contains(where: { $0[name] != nil }) else {
      throw PluginError.invalid(
        "\(existing.path) already holds the sequence \(name)",
        hint: "\(set) was prepared into it before: give a new --output")
    }
    try mappingFormatErrors {
      try NPYFile.write(
        StoredTensor(frames.values, shape: [frames.count, frames.width]), to: "\(scratch)/all/\(name).npy")
    }
    var labels = sequence.labels
    labels.subject = labels.subject.map { "\(set)/\($0)" }
    written.append((name, labels, "\(set)/\(sequence.group)", "\(set)/\(sequence.recording)"))
    self.frames += frames.count
  }

  private static func fileName(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.".unicodeScalars.contains(scalar))
            ? scalar : "-"
        }))
  }

  /// Divides, labels, records, and puts everything in place.
  func finish(share: Double, whole: PreparerOptions.Whole, seed: UInt64, notes: [String], options: [String: JSONValue])
    throws -> PreparationReport
  {
    guard !written.isEmpty else {
      guard unlabelled > 0 else { throw PluginError.badData("\(set): the raw data hold no usable sequence") }
      throw PluginError.invalid(
        "\(set): none of the \(unlabelled) sequences has a label",
        hint: "sentry plugins inspect \(set.replacing("_", with: "-")): the options labels and derive provide some")
    }
    var notes = notes
    let sides = divide(share: share, whole: whole, seed: seed, &notes)
    notes += labelNotes()
    if unlabelled > 0 { notes.append("\(unlabelled) sequences without any label are left out") }
    var labels = existing.labels
    for split in PostureFolder.splits where sides.contains(split) || labels[split] != nil {
      try FileSystem.makeFolder("\(scratch)/\(split)/sequences")
      labels[split] = labels[split] ?? [:]
    }
    for (sequence, split) in zip(written, sides) {
      try FileSystem.move(
        "\(scratch)/all/\(sequence.name).npy", to: "\(scratch)/\(split)/sequences/\(sequence.name).npy")
      labels[split, default: [:]][sequence.name] = try JSON.decode(
        JSONValue.self, from: try JSON.text(sequence.labels), what: "labels")
    }
    for (split, labels) in labels {
      for name in (existing.labels[split] ?? [:]).keys { try link("\(split)/sequences/\(name).npy") }
      try write(labels, to: "\(split)/labels.json")
    }
    for name in existing.others { try link(name) }
    let record: [String: JSONValue] = [
      "source": .string(set), "options": .object(options), "sequences": .integer(written.count),
      "frames": .integer(frames), "features": .integer(width ?? 0), "notes": .array(notes.map(JSONValue.string)),
    ]
    try write(existing.records + [.object(record)], to: PostureFolder.record)
    FileSystem.remove("\(scratch)/all")
    try putInPlace()
    var samples: [String: Int] = [:]
    for side in sides { samples[side, default: 0] += 1 }
    return PreparationReport(
      output: existing.path, samples: samples, notes: notes,
      datasetOptions: isShared(sides) ? ["allow-shared-subjects": true] : nil)
  }

  private func write(_ value: some Encodable, to name: String) throws {
    try mappingFormatErrors {
      try AtomicFile.write(try JSON.text(value, pretty: true) + "\n", to: "\(scratch)/\(name)")
    }
  }

  /// What was there before costs no room: the same file under a second name.
  private func link(_ name: String) throws {
    let (from, to) = ("\(existing.path)/\(name)", "\(scratch)/\(name)")
    if Glibc.link(from, to) == 0 { return }
    do {
      try FileManager.default.copyItem(atPath: from, toPath: to)
    } catch {
      throw PluginError("\(from): cannot be copied to \(to): \(error)")
    }
  }

  private func labelNotes() -> [String] {
    PostureVocabulary.tasks.map { name, classes in
      let values = written.compactMap { sequence -> Int? in
        switch name {
        case "posture": sequence.labels.posture
        case "stress": sequence.labels.stress
        default: sequence.labels.trajectory
        }
      }
      guard !values.isEmpty else { return "\(name): no labels; absent, and masked in the loss" }
      let counts = classes.indices.map { index in "\(classes[index]) \(values.count { $0 == index })" }
      return "\(name): \(values.count) of \(written.count) sequences labelled (\(counts.joined(separator: ", ")))"
    }
  }

  /// The finished folder takes the place of the old one, which is restored if that fails.
  private func putInPlace() throws {
    let output = existing.path
    guard FileSystem.exists(output) else {
      try FileSystem.move(scratch, to: output)
      isFinished = true
      return
    }
    let old = "\(Paths.folder(of: output))/.\(Paths.last(output)).old-\(getpid())"
    try FileSystem.move(output, to: old)
    do {
      try FileSystem.move(scratch, to: output)
    } catch {
      rename(old, output)
      throw error
    }
    isFinished = true
    FileSystem.remove(old)
  }
}
