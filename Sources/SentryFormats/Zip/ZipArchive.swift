/// The contents of a zip file, found through its central directory.
///
/// Everything the directory claims is checked against the file's size and against the entries' own headers; entries
/// that overlap, repeat a name or are encrypted are refused, and compressed ones too unless the caller inflates them.
/// Checksums are checked when asked for.
struct ZipArchive {
  struct Entry {
    let name: String
    let headerOffset: Int
    /// Of the contents; ``storedSize`` is what they take in the file.
    let size: Int
    let storedSize: Int
    let isDeflated: Bool
    /// Whether it stands for a symbolic link.
    let isLink: Bool
    let checksum: UInt32
    /// The data as they are stored, once the entry's own header has been read.
    var data: FileRegion
  }

  let file: InputFile
  /// In the order of the directory.
  private(set) var entries: [Entry] = []
  private var positions: [String: Int] = [:]

  /// - Parameter inflating: whether the caller can read deflated entries (``ZipExtraction``).
  init(_ file: InputFile, inflating: Bool = false) throws {
    self.file = file
    let directory = try Self.findDirectory(file)
    entries = try Self.readDirectory(file, directory, inflating: inflating)
    for (position, entry) in entries.enumerated() {
      guard positions.updateValue(position, forKey: entry.name) == nil else {
        throw Self.malformed(file, "the entry \(entry.name) occurs twice")
      }
    }
    try locateData(before: directory.range.lowerBound)
  }

  subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// Compares the entry's data with its CRC-32. Throws ``FormatError`` (`checksum`).
  func verify(_ entry: Entry) throws {
    guard try entry.data.checksum() == entry.checksum else {
      throw FormatError(
        .checksum, file: file.path, place: entry.name, "the data do not match the stored checksum",
        hint: "the file is damaged: fetch or save it again")
    }
  }

  /// All of a small entry, with its checksum checked. Throws ``FormatError``.
  func contents(_ entry: Entry, limit: Int) throws -> [UInt8] {
    guard entry.size <= limit else {
      throw Self.malformed(file, "the entry \(entry.name) has \(entry.size) bytes, which is too many")
    }
    try verify(entry)
    return try entry.data.load()
  }

  /// Reads each entry's own header and sees that no two entries share bytes.
  private mutating func locateData(before directory: Int) throws {
    var end = 0
    for position in entries.indices.sorted(by: { entries[$0].headerOffset < entries[$1].headerOffset }) {
      let entry = entries[position]
      guard entry.headerOffset >= end, entry.headerOffset <= directory - ZipLayout.localHeaderSize else {
        throw Self.malformed(file, "the entry \(entry.name) overlaps another entry")
      }
      let header = LittleEndian(bytes: try file.bytes(at: entry.headerOffset, count: ZipLayout.localHeaderSize))
      guard header.number(at: 0, UInt32.self) == ZipLayout.localHeader, let nameLength = header.u16(26),
        let extraLength = header.u16(28), nameLength == entry.name.utf8.count,
        try file.bytes(at: entry.headerOffset + ZipLayout.localHeaderSize, count: nameLength) == Array(entry.name.utf8)
      else { throw Self.malformed(file, "the entry \(entry.name) is not where the directory says") }
      let start = entry.headerOffset + ZipLayout.localHeaderSize + nameLength + extraLength
      guard start <= directory, entry.storedSize <= directory - start else {
        throw Self.malformed(file, "the entry \(entry.name) extends beyond the directory")
      }
      end = start + entry.storedSize
      entries[position].data = FileRegion(file: file, offset: start, count: entry.storedSize)
    }
  }

  static func malformed(_ file: InputFile, _ detail: String) -> FormatError {
    FormatError(.malformed, file: file.path, detail, hint: "the file is damaged: fetch or save it again")
  }
}
