import Glibc
import SentryPluginAPI

/// Files of a folder that are the same, byte for byte, whatever a dataset makes of them.
package struct FileDuplicates {
  struct Overlap: Encodable, Sendable {
    /// Parts of the folder: its top-level folders, and in them the first words of file names where there are few.
    var part, of: String
    /// How many files of `part` are also in `of`.
    var count: Int
    var files: Int
  }

  package struct Summary: Encodable, Sendable {
    var count: Int
    var distinct: Int
    /// Groups of identical files in folders of different names.
    var conflictingGroups: Int
    var overlaps: [Overlap]
    var unreadable: [String]

    enum CodingKeys: String, CodingKey {
      case count, distinct, overlaps, unreadable
      case conflictingGroups = "groups_in_folders_of_different_names"
    }

    var lines: [String] {
      var lines = ["files: \(count), \(distinct) distinct (all files of the folder, whether they are loaded or not)"]
      lines += overlaps.map {
        "  \($0.count) of \($0.files) files in \($0.part) are byte-identical to files in \($0.of)"
      }
      if conflictingGroups > 0 {
        lines.append("  \(conflictingGroups) groups of identical files are in folders of different names")
      }
      lines += unreadable.prefix(DataReport.examples).map { "  cannot be read: \($0)" }
      return lines
    }
  }

  /// Reads every file below the folder. Throws where the user stops it.
  package static func summary(of folder: String, progress: WorkProgress) throws -> Summary {
    let paths = try files(below: folder)
    let digests = try ParallelReading.map(paths.count, "reading files", progress: progress) { index in
      try? Digest256(ofFile: "\(folder)/\(paths[index])")
    }
    var groups: [Digest256: [Int]] = [:]
    for (index, digest) in digests.enumerated() { if let digest { groups[digest, default: []].append(index) } }
    let parents = paths.map { path in path.split(separator: "/").dropLast().last.map { $0.lowercased() } ?? "" }
    let repeated = groups.values.filter { $0.count > 1 }
    return Summary(
      count: paths.count, distinct: groups.count,
      conflictingGroups: repeated.count { group in Set(group.map { parents[$0] }).count > 1 },
      overlaps: overlaps(parts: parts(of: paths), repeated),
      unreadable: zip(paths, digests).filter { $1 == nil }.map(\.0))
  }

  /// Of each path, the parts of the folder that it belongs to.
  private static func parts(of paths: [String]) -> [[String]] {
    let tops = paths.map { path in path.contains("/") ? String(path.prefix { $0 != "/" }) + "/" : "" }
    let words = paths.map { path in
      let name = path.split(separator: "/").last ?? ""
      return name.contains("_") ? String(name.prefix { $0 != "_" }) + "_*" : ""
    }
    let isTelling = Set(words).count <= 8
    return paths.indices.map { index in
      guard !tops[index].isEmpty else { return [] }
      return [tops[index]] + (isTelling && !words[index].isEmpty ? ["\(tops[index])…/\(words[index])"] : [])
    }
  }

  private static func overlaps(parts: [[String]], _ groups: [[Int]]) -> [Overlap] {
    var sizes: [String: Int] = [:]
    for names in parts { for name in names { sizes[name, default: 0] += 1 } }
    var counts: [String: [String: Int]] = [:]
    for group in groups {
      let present = Set(group.flatMap { parts[$0] })
      for index in group {
        for part in parts[index] {
          for other in present where isApart(part, other) { counts[part, default: [:]][other, default: 0] += 1 }
        }
      }
    }
    // Of two parts, the smaller is told: what is held out is smaller than what is trained on. Of equals, both.
    return counts.flatMap { part, others in
      others.filter { other, _ in
        let (own, its) = (sizes[part, default: 0], sizes[other, default: 0])
        return own <= its
      }.map { Overlap(part: part, of: $0.key, count: $0.value, files: sizes[part, default: 0]) }
    }.filter { overlap in
      // Words in different folders say no more than the folders, unless the folder has several.
      overlap.part.contains("…") == overlap.of.contains("…")
    }.sorted { ($0.part, $0.of) < ($1.part, $1.of) }
  }

  private static func isApart(_ part: String, _ other: String) -> Bool {
    part != other && !part.hasPrefix(other) && !other.hasPrefix(part)
  }

  private static func files(below folder: String) throws -> [String] {
    var found: [String] = []
    func walk(_ relative: String, depth: Int) throws {
      guard depth < 64 else { return }
      let path = relative.isEmpty ? folder : "\(folder)/\(relative)"
      for name in try SystemFile.names(in: path) ?? [] where !name.hasPrefix(".") && name != "__MACOSX" {
        let entry = relative.isEmpty ? name : "\(relative)/\(name)"
        var status = stat()
        guard lstat("\(folder)/\(entry)", &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try walk(entry, depth: depth + 1)
        case S_IFREG: found.append(entry)
        default: break
        }
      }
    }
    try walk("", depth: 0)
    return found
  }
}
