import Glibc
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// A folder of sequences: `sequences/NAME.npy`, `labels.json` to fill in, `index.csv`, and `extract.json` about what made them.
///
/// `index/` holds each source's part of the index and its record. The sequences of a source stand under `.unfinished/` until the
/// source is complete; then they appear, and its record last. A folder that was left before the end is gone on with.
package final class ExtractionFolder {
  static let sequences = "sequences"
  static let labels = "labels.json"
  static let oldLabels = "labels.previous.json"
  static let index = "index.csv"
  static let parts = "index"
  static let about = "extract.json"
  static let unfinished = ".unfinished"

  package let path: String
  /// The names of a row's values.
  let values: [String]
  private let lock: RunLock
  private var records: [String: SourceRecord] = [:]
  /// Names of sources and of sequences.
  private var taken: Set<String> = []

  /// - Parameters:
  ///   - settings: what the rows depend on.
  ///   - overwrite: empties a folder that this type wrote.
  /// - Throws: ``PluginError`` for a folder that holds something else, or sequences with other settings.
  package init(_ path: String, settings: JSONValue, values: [String], overwrite: Bool) throws {
    self.path = Paths.withoutEndingSlash(path)
    self.values = values
    try SystemFile.makeFolder(self.path)
    lock = try RunLock(self.path, work: "is writing to this folder")
    try check(settings, overwrite: overwrite)
    let about: JSONValue = [
      "created_by": .string("sentry \(Version.sentry)"), "settings": settings,
      "values": .array(values.map(JSONValue.string)),
    ]
    try write(try JSON.text(about, pretty: true) + "\n", to: Self.about)
    for folder in [Self.sequences, Self.parts, Self.unfinished] { try SystemFile.makeFolder(place(folder)) }
    try removeUnfinished()
    for name in try SystemFile.names(in: place(Self.parts)) ?? [] where name.hasSuffix(".json") {
      let file = place("\(Self.parts)/\(name)")
      guard let text = try SystemFile.text(file) else { continue }
      let record: SourceRecord = try JSON.decode(from: text, what: file)
      records[record.origin.path] = record
      taken.formUnion([record.name] + record.sequences.map(\.name))
    }
    // Labels that cannot be added to are told before the work, not after it.
    _ = try labelled()
  }

  deinit {
    try? removeUnfinished()
    try? SystemFile.removeEmptyFolder(place(Self.unfinished))
  }

  func place(_ name: String) -> String { "\(path)/\(name)" }

  private func write(_ text: String, to name: String) throws {
    try mappingFormatErrors { try AtomicFile.write(text, to: place(name)) }
  }

  // MARK: What is there already

  private func check(_ settings: JSONValue, overwrite: Bool) throws {
    let present = try (SystemFile.names(in: path) ?? []).filter { !$0.hasPrefix(".") }
    guard !present.isEmpty else { return }
    guard let text = try SystemFile.text(place(Self.about)) else {
      throw PluginError.invalid(
        "\(path) is not empty, and sentry extract did not write it", hint: "give another --output")
    }
    guard !overwrite else { return try clear(present) }
    let about: JSONValue = try JSON.decode(from: text, what: place(Self.about))
    let isEmpty = try !(SystemFile.names(in: place(Self.parts)) ?? []).contains { $0.hasSuffix(".json") }
    let differing = try Self.differences(from: about["settings"] ?? .null, to: settings)
    guard isEmpty || differing.isEmpty else {
      throw PluginError.invalid(
        "\(path) was made with other settings: \(differing.joined(separator: "; "))",
        hint: "give another --output, or --overwrite")
    }
  }

  /// What the folder was made with and what is wanted now, by setting.
  private static func differences(from made: JSONValue, to wanted: JSONValue) throws -> [String] {
    let names = Set((made.objectValue ?? [:]).keys).union((wanted.objectValue ?? [:]).keys)
    return try names.sorted().compactMap { name in
      // As text: a number may come back as another kind of number.
      let (before, now) = (try JSON.text(made[name] ?? .null), try JSON.text(wanted[name] ?? .null))
      return before == now ? nil : "\(name) was \(before), now \(now)"
    }
  }

  private func clear(_ present: [String]) throws {
    let known = [Self.sequences, Self.labels, Self.oldLabels, Self.index, Self.parts, Self.about]
    let inside = try [(Self.sequences, [".npy"]), (Self.parts, [".csv", ".json"])].flatMap { folder, endings in
      try (SystemFile.names(in: place(folder)) ?? []).filter { name in
        !name.hasPrefix(".") && !endings.contains(where: name.hasSuffix)
      }.map { "\(folder)/\($0)" }
    }
    let foreign = present.filter { !known.contains($0) } + inside
    guard foreign.isEmpty else {
      throw PluginError.invalid(
        "\(path) contains files that sentry extract did not write: \(foreign.prefix(3).joined(separator: ", "))",
        hint: "--overwrite replaces only what it wrote: move them elsewhere or choose another --output")
    }
    // What a person has filled in is never lost.
    if access(place(Self.labels), F_OK) == 0, rename(place(Self.labels), place(Self.oldLabels)) != 0 {
      throw SystemFile.failure(place(Self.labels), "cannot be renamed")
    }
    for folder in [Self.sequences, Self.parts] {
      for name in try SystemFile.names(in: place(folder)) ?? [] {
        try SystemFile.removeFile(place("\(folder)/\(name)"))
      }
    }
    try SystemFile.removeFile(place(Self.index))
  }

  private func removeUnfinished() throws {
    let folder = place(Self.unfinished)
    for name in try SystemFile.names(in: folder) ?? [] { try SystemFile.removeFile("\(folder)/\(name)") }
  }

  // MARK: Sources

  /// The record of a source that is complete and has not changed since.
  package func record(of origin: SourceRecord.Origin) -> SourceRecord? {
    records[origin.path].flatMap { $0.origin == origin ? $0 : nil }
  }

  /// A name for a source, from its path: the one that it had, or a new one that no other source or sequence has.
  package func name(for source: String, _ origin: SourceRecord.Origin) -> String {
    if let name = records[origin.path]?.name { return name }
    var stem = Paths.last(source)
    if let dot = stem.lastIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
    return free(FileName.safe(stem), joint: "-")
  }

  /// Takes a name that is not taken, with a number where it must be.
  private func free(_ base: String, joint: String) -> String {
    var (name, number) = (base, 1)
    while !taken.insert(name).inserted {
      number += 1
      name = "\(base)\(joint)\(number)"
    }
    return name
  }

  /// The name of a source's next sequence.
  func sequenceName(of source: String, person: Int?, isFirst: Bool) -> String {
    let base = person.map { "\(source)_p\($0)" } ?? source
    return isFirst && person == nil ? base : free(base, joint: "_")
  }

  func release(_ names: [String]) { taken.subtract(names) }

  /// To be done again: its sequences may have their names again.
  func releaseSequences(of origin: SourceRecord.Origin) {
    guard let record = records[origin.path] else { return }
    release(record.sequences.map(\.name).filter { $0 != record.name })
  }

  /// It could not be done again: what is there stays.
  func reclaimSequences(of origin: SourceRecord.Origin) {
    taken.formUnion(records[origin.path]?.sequences.map(\.name) ?? [])
  }

  /// Gives the sequences of a complete source their names, and its record last.
  /// - Parameter part: gives its part of the index its name.
  func add(_ record: SourceRecord, part: () throws -> Void) throws {
    let (mark, old) = (place("\(Self.parts)/\(record.name).json"), records[record.origin.path])
    // Whoever is interrupted from here on does this source again.
    try SystemFile.removeFile(mark)
    for sequence in old?.sequences ?? [] { try SystemFile.removeFile(place("\(Self.sequences)/\(sequence.name).npy")) }
    for sequence in record.sequences {
      let ends = [Self.unfinished, Self.sequences].map { place("\($0)/\(sequence.name).npy") }
      guard rename(ends[0], ends[1]) == 0 else { throw SystemFile.failure(ends[1], "cannot be made") }
    }
    try SystemFile.sync(folder: place(Self.sequences))
    try mappingFormatErrors(part)
    try write(try JSON.text(record, pretty: true) + "\n", to: "\(Self.parts)/\(record.name).json")
    records[record.origin.path] = record
  }

  // MARK: The end

  /// Writes the index of all complete sources, and adds their sequences to the labels.
  /// - Returns: names of sequences that no source accounts for.
  package func finish() throws -> [String] {
    let sorted = records.values.sorted { $0.name < $1.name }
    try mappingFormatErrors {
      try AtomicFile.write(to: place(Self.index)) { file in
        try file.write(Array(IndexRow.header.utf8))
        for record in sorted { try append(place("\(Self.parts)/\(record.name).csv"), to: file) }
      }
    }
    let present = try (SystemFile.names(in: place(Self.sequences)) ?? []).filter { $0.hasSuffix(".npy") }
    let names = Set(present.map { String($0.dropLast(4)) })
    var entries = try labelled()
    for record in sorted {
      // Sequences of one recording are not to be parted between training and validation.
      let template: JSONValue = ["recording": .string(record.name)]
      for sequence in record.sequences where names.contains(sequence.name) && entries[sequence.name] == nil {
        entries[sequence.name] = template
      }
    }
    entries = entries.filter { names.contains($0.key) || $0.value.objectValue.map { Array($0.keys) } != ["recording"] }
    try write(try JSON.text(entries, pretty: true) + "\n", to: Self.labels)
    return names.subtracting(sorted.flatMap { $0.sequences.map(\.name) }).sorted()
  }

  private func append(_ part: String, to file: OutputFile) throws {
    var isHeader = true
    try WholeFile.forEachPiece(of: part) { piece in
      var piece = piece
      if isHeader {
        guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { return }
        piece = UnsafeRawBufferPointer(rebasing: piece[(end + 1)...])
        isHeader = false
      }
      try file.write(piece)
    }
  }

  /// What labels.json holds.
  private func labelled() throws -> [String: JSONValue] {
    guard let text = try SystemFile.text(place(Self.labels)) else { return [:] }
    let value: JSONValue = try JSON.decode(from: text, what: place(Self.labels))
    guard let entries = value.objectValue else {
      throw PluginError.invalid(
        "\(place(Self.labels)) is no object of sequences", hint: "mend it, or move it elsewhere")
    }
    return entries
  }
}
