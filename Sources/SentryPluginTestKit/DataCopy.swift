import Glibc
import SentryBase
import SentryPluginAPI

/// A copy of a dataset's files, one of which can be damaged.
struct DataCopy {
  struct File {
    /// Where it was copied from, and to.
    let original, path: String
    let size: Int
    var name: String { Paths.last(path) }
    /// What its name ends with.
    var kind: String { name.split(separator: ".").dropFirst().last.map(String.init) ?? "" }
  }

  enum Damage: CaseIterable {
    case cut, overwritten
    var title: String { self == .cut ? "cut to half of its length" : "overwritten with noise" }
  }

  static let (mostBytes, mostFiles, mostFolders) = (200 << 20, 5000, 32)

  /// Of the file or folder as a whole.
  let path: String
  /// Those that are not empty, in the order of their paths.
  let files: [File]

  /// - Throws: ``Skip`` for data that are too large, or cannot be copied.
  init(of data: String, in folder: String) throws {
    path = "\(folder)/\(Paths.last(data))"
    var (folders, found) = ([String](), [File]())
    try Self.list(data, path, &folders, &found)
    for folder in folders {
      guard mkdir(folder, 0o700) == 0 else { throw Self.failure(folder) }
    }
    for file in found { try Self.copy(file) }
    files = found.filter { $0.size > 1 }
  }

  /// Adds the folders and files at `original` as they will stand in the copy. Links are followed.
  private static func list(
    _ original: String, _ path: String, _ folders: inout [String], _ files: inout [File], depth: Int = 0
  ) throws {
    var info = stat()
    // A link to nowhere; pipes and the like.
    guard stat(original, &info) == 0, [S_IFDIR, S_IFREG].contains(info.st_mode & S_IFMT) else { return }
    if info.st_mode & S_IFMT == S_IFREG {
      files.append(File(original: original, path: path, size: info.st_size))
      guard files.count <= mostFiles, files.reduce(0, { $0 + $1.size }) <= mostBytes else {
        throw Skip(
          "the data are not copied: they have more than \(mostFiles) files or \(mostBytes >> 20) MiB: give a part of them"
        )
      }
      return
    }
    guard depth < mostFolders else { throw Skip("the data are not copied: their folders are nested too deeply") }
    guard let names = Paths.names(in: original) else { throw failure(original) }
    folders.append(path)
    for name in names { try list("\(original)/\(name)", "\(path)/\(name)", &folders, &files, depth: depth + 1) }
  }

  func mend(_ file: File) throws { try Self.copy(file) }

  /// Damages the file as it was before any damage.
  func damage(_ file: File, _ damage: Damage, _ random: inout SplitMix64) throws {
    try mend(file)
    switch damage {
    case .cut: guard truncate(file.path, file.size / 2) == 0 else { throw Self.failure(file.path) }
    case .overwritten:
      let noise = (0..<min(file.size, 1 << 16)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let output = open(file.path, O_WRONLY | O_CLOEXEC)
      guard output >= 0 else { throw Self.failure(file.path) }
      defer { close(output) }
      for place in stride(from: 0, to: file.size, by: noise.count) {
        let count = min(noise.count, file.size - place)
        guard write(output, noise, count) == count else { throw Self.failure(file.path) }
      }
    }
  }

  private static func copy(_ file: File) throws {
    let input = open(file.original, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw failure(file.original) }
    defer { close(input) }
    let output = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw failure(file.path) }
    defer { close(output) }
    var rest = file.size
    while rest > 0 {
      let count = sendfile(output, input, nil, rest)
      guard count > 0 else { throw failure(file.path) }
      rest -= count
    }
  }

  private static func failure(_ path: String) -> Skip { Skip("the data cannot be copied: \(path): \(Paths.lastError)") }
}
