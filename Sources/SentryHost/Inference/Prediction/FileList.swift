import Glibc
import SentryPluginAPI
import SentryRuntime

/// The files that arguments name: each itself, and of a folder all below it that have one of the suffixes.
struct FileList {
  /// In the order of the arguments; those of one folder sorted by their paths.
  private(set) var paths: [String] = []
  /// How many files of the folders have other names.
  private(set) var otherFiles = 0

  /// - Parameter suffixes: in lower case, with their point; file names may be in either case.
  /// - Throws: ``PluginError`` naming what does not exist, has another suffix, or holds no such file.
  init(_ arguments: [String], suffixes: [String]) throws {
    let known = suffixes.joined(separator: ", ")
    for argument in arguments {
      guard let kind = Self.kind(of: argument) else {
        throw PluginError.invalid("\(argument): \(Paths.lastError)", hint: "give files (\(known)) or folders of them")
      }
      guard kind.isFolder else {
        guard Self.has(argument, suffixes) else {
          throw PluginError.invalid(
            "\(argument) is not a supported file",
            hint: "supported are: \(known); videos are for sentry demo and sentry extract")
        }
        paths.append(argument)
        continue
      }
      let files = try FileList(folder: argument) { Self.has($0, suffixes) }
      guard !files.paths.isEmpty else {
        throw PluginError.invalid("\(argument) contains no supported file", hint: "supported are: \(known)")
      }
      paths += files.paths
      otherFiles += files.otherFiles
    }
  }

  /// The files below a folder that are taken, perhaps none, sorted by their paths.
  /// - Throws: ``PluginError`` where there is no folder, and what `isTaken` throws.
  init(folder: String, isTaken: (_ path: String) throws -> Bool) throws {
    guard let kind = Self.kind(of: folder) else { throw PluginError.invalid("\(folder): \(Paths.lastError)") }
    var visited = Set([kind.identity])
    try collect(Paths.withoutEndingSlash(folder), isTaken, &visited)
    paths.sort()
  }

  static func has(_ path: String, _ suffixes: [String]) -> Bool {
    let name = Paths.last(path).lowercased()
    return suffixes.contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }
  }

  static func isFolder(_ path: String) -> Bool { kind(of: path)?.isFolder == true }

  /// Links are followed, but no folder is entered twice; hidden names are passed over.
  private mutating func collect(
    _ folder: String, _ isTaken: (String) throws -> Bool, _ visited: inout Set<[UInt64]>
  ) throws {
    for name in try SystemFile.names(in: folder) ?? [] where !name.hasPrefix(".") && name != "__MACOSX" {
      let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      let kind = Self.kind(of: path)
      if let kind, kind.isFolder {
        if visited.insert(kind.identity).inserted { try collect(path, isTaken, &visited) }
      } else if try isTaken(path) {
        paths.append(path)
      } else {
        otherFiles += 1
      }
    }
  }

  /// nil where there is nothing, with `errno` saying why.
  private static func kind(of path: String) -> (isFolder: Bool, identity: [UInt64])? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return (status.st_mode & S_IFMT == S_IFDIR, [UInt64(status.st_dev), UInt64(status.st_ino)])
  }
}
