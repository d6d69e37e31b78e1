import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Where files may be taken from that a user has already: the files themselves, wheels of a package, and folders with either.
///
/// Links are followed, as package caches are made of them: what is installed is a copy of the bytes, and only if they have the
/// right hash.
struct GivenFiles {
  /// A place whose bytes may be the file.
  enum Place: CustomStringConvertible {
    case file(String)
    case member(String, of: String)

    var description: String {
      switch self {
      case .file(let path): path
      case .member(let name, let archive): "\(name) in \(archive)"
      }
    }

    func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
      switch self {
      case .file(let path): try WholeFile.forEachPiece(of: path, body)
      case .member(let name, let archive): try ZipMembers(archive).read(name, body)
      }
    }
  }

  private var folders: [String] = []
  private var files: [String] = []
  private var archives: [(path: String, members: ZipMembers)] = []

  /// - Throws: ``PluginError`` or ``FormatError`` for a path that does not exist or is neither file nor folder, and for a damaged
  ///   archive.
  init(_ paths: [String]) throws {
    for path in paths {
      if let names = Paths.names(in: path) {
        folders.append(Paths.withoutEndingSlash(path))
        for name in names where name.hasSuffix(".whl") { try add("\(path)/\(name)") }
      } else {
        try add(path)
      }
    }
  }

  private mutating func add(_ path: String) throws {
    _ = try WholeFile.start(of: path, count: 4)
    files.append(path)
    // A file that is asked for may be an archive itself, so it stays a candidate as it is.
    if ZipExtraction.isZip(path) { archives.append((path, try ZipMembers(path))) }
  }

  /// The places that may hold a file, the likely ones first.
  func places(of file: RequiredFile) -> [Place] {
    let named = files.filter { Paths.last($0) == file.name }
    let sized = files.filter { Paths.last($0) != file.name && (try? FileIdentity(of: $0))?.size == Int64(file.bytes) }
    let inFolders = folders.flatMap { folder in
      [file.name, file.package?.member].compactMap(\.self).map { "\(folder)/\($0)" }
    }.filter { (try? FileIdentity(of: $0)) != nil }
    let members = archives.flatMap { archive in
      [file.package?.member, file.name].compactMap(\.self).filter(archive.members.contains)
        .map { Place.member($0, of: archive.path) }
    }
    return (named + inFolders).map(Place.file) + members + sized.map(Place.file)
  }
}
