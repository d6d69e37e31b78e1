import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// The sequences and the index of one source on their way into an ``ExtractionFolder``. Without ``finish(_:)`` nothing is left.
final class SourceOutput: SequenceOutput {
  private let folder: ExtractionFolder
  private let source: String
  private let origin: SourceRecord.Origin
  private let name: String
  /// Whether the names of sequences tell whom they are of.
  private let namesPersons: Bool
  private var open: [String: NPYRowsFile] = [:]
  private var sequences: [SourceRecord.Sequence] = []
  private let part: UnfinishedFile
  private let index: OutputFile
  private var isFinished = false

  /// - Throws: ``PluginError``
  init(_ folder: ExtractionFolder, source: String, origin: SourceRecord.Origin, namesPersons: Bool) throws {
    (self.folder, self.source, self.origin, self.namesPersons) = (folder, source, origin, namesPersons)
    name = folder.name(for: source, origin)
    // A source that has changed since gives its names to what replaces them.
    folder.releaseSequences(of: origin)
    let path = folder.place("\(ExtractionFolder.parts)/\(name).csv")
    part = try mappingFormatErrors { try UnfinishedFile(for: path) }
    index = OutputFile(descriptor: part.descriptor, path: path, needed: nil)
    try mappingFormatErrors { try index.write(Array(IndexRow.header.utf8)) }
  }

  deinit {
    guard !isFinished else { return }
    open = [:]
    for sequence in sequences {
      try? SystemFile.removeFile(folder.place("\(ExtractionFolder.unfinished)/\(sequence.name).npy"))
    }
    folder.release(sequences.map(\.name).filter { $0 != name })
    folder.reclaimSequences(of: origin)
  }

  func begin(person: Int?) throws -> String {
    let whose = namesPersons ? person : nil
    let sequence = folder.sequenceName(of: name, person: whose, isFirst: sequences.isEmpty)
    let path = folder.place("\(ExtractionFolder.unfinished)/\(sequence).npy")
    open[sequence] = try mappingFormatErrors { try NPYRowsFile(path, width: folder.values.count) }
    sequences.append(.init(name: sequence, person: person))
    return sequence
  }

  func append(_ values: [Float], to sequence: String) throws {
    try mappingFormatErrors { try open[sequence]?.append(values) }
  }

  func end(_ sequence: String) throws {
    try mappingFormatErrors { try open[sequence]?.finish() }
    open[sequence] = nil
  }

  func write(_ row: IndexRow) throws {
    try mappingFormatErrors { try index.write(Array(row.text(source: source).utf8)) }
  }

  func finish(_ counts: ExtractionCounts) throws -> SourceRecord {
    let record = SourceRecord(origin: origin, name: name, counts: counts, sequences: sequences)
    try folder.add(record) {
      try index.flush()
      try part.finish { index.failure($0) }
    }
    isFinished = true
    return record
  }
}
