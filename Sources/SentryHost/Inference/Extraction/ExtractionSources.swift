import Glibc
import Logging
import SentryPluginAPI
import SentryRuntime

/// The sources that arguments name: videos, the videos of folders and of patterns, and what else the backend opens as one
/// source, such as a folder of pictures.
package enum ExtractionSources {
  package typealias Source = (path: String, origin: SourceRecord.Origin)

  /// - Parameter isVideo: what is taken from folders. The backend opens other files too, if they are named.
  /// - Returns: each source once, in the order of the arguments, those of a folder by name.
  /// - Throws: ``PluginError`` naming what does not exist.
  package static func expand(_ arguments: [String], isVideo: (String) throws -> Bool) throws -> [Source] {
    var (sources, seen) = ([Source](), Set<String>())
    for source in try arguments.flatMap({ try paths(of: $0, isVideo) }) {
      let origin = try SourceRecord.Origin(source)
      if seen.insert(origin.path).inserted { sources.append((source, origin)) }
    }
    return sources
  }

  private static func paths(of argument: String, _ isVideo: (String) throws -> Bool) throws -> [String] {
    guard !argument.contains("://") else {
      throw PluginError.invalid("\(argument) is an address", hint: "fetch or record it first, and give the file")
    }
    if access(argument, F_OK) != 0, argument.contains(where: { "*?[".contains($0) }) {
      let matches = try matches(of: argument)
      return try matches.flatMap { try paths(of: $0, isVideo) }
    }
    guard FileList.isFolder(argument) else { return [argument] }
    let videos = try FileList(folder: argument, isTaken: isVideo)
    guard !videos.paths.isEmpty else { return [argument] }
    if videos.otherFiles > 0 {
      Logger.host.info("\(argument): \(NumberText.counted(videos.otherFiles, "file")) of other kinds left alone")
    }
    return videos.paths
  }

  private static func matches(of pattern: String) throws -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else {
      throw PluginError.invalid("\(pattern): nothing matches", hint: "check the pattern")
    }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv?[$0].map { String(cString: $0) } }
  }
}
