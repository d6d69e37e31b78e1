/// Who or what samples are of, guessed from their names: `S010_004_00000017.png` and `vid3_frame_0012.png` are frames, of which
/// those before and after show nearly the same. For datasets that know no groups themselves.
struct RecordingNames: Equatable {
  /// One for each sample; nil where its name says nothing.
  let groups: [Int?]
  let count: Int
  /// A name from which it was seen.
  let example: String

  /// A part of a name that may be a recording's: most of its words, or fewer, which are those of a person or a film.
  private typealias Words = [Substring]

  /// - Parameter classes: of the samples: names of classes are no names of recordings.
  /// - Returns: nil where names do not look like frames of several recordings.
  init?(_ names: [String], classes: [Int]) {
    let words = names.map(Self.words)
    let longest = words.map(\.count).max() ?? 0
    guard names.count == classes.count, longest > 0 else { return nil }
    var chosen: [Int?]?
    // From the whole name to fewer words, as long as they still tell several apart.
    for length in (1...longest).reversed() {
      let keys = words.map { Self.key($0.prefix(length)) }
      let isFirst = chosen == nil
      guard let groups = Self.groups(keys, classes, least: isFirst ? 3 : 5, most: isFirst ? 0.6 : 0.4) else {
        if isFirst { continue } else { break }
      }
      chosen = groups
    }
    guard let chosen, let first = chosen.firstIndex(where: { $0 != nil }) else { return nil }
    groups = chosen
    count = Set(chosen.compactMap(\.self)).count
    example = names[first]
  }

  /// Numbers for keys, if they are likely to be those of recordings.
  /// - Parameters:
  ///   - least: how many groups there must be.
  ///   - most: the greatest share of all samples in one of them.
  private static func groups(_ keys: [String?], _ classes: [Int], least: Int, most: Double) -> [Int?]? {
    var members: [String: [Int]] = [:]
    for (position, key) in keys.enumerated() { if let key { members[key, default: []].append(position) } }
    let several = members.filter { $0.value.count > 1 }
    let covered = several.values.reduce(0) { $0 + $1.count }
    let largest = several.values.map(\.count).max() ?? 0
    guard several.count >= least, Double(covered) >= 0.6 * Double(keys.count),
      Double(largest) <= most * Double(keys.count)
    else { return nil }
    // Folders and prefixes that are classes have one class each, and there are no more of them than classes.
    let mixed = several.values.count { members in Set(members.map { classes[$0] }).count > 1 }
    let numbered = several.keys.count { $0.contains(where: isDigit) }
    guard mixed > 0 || several.count > Set(classes).count else { return nil }
    guard 2 * numbered >= several.count || 2 * mixed >= several.count else { return nil }
    let numbers = Dictionary(uniqueKeysWithValues: members.keys.sorted().enumerated().map { ($1, $0) })
    return keys.map { $0.flatMap { numbers[$0] } }
  }

  private static func key(_ words: Words.SubSequence) -> String? { words.isEmpty ? nil : words.joined(separator: "_") }

  /// The words of a file's name before the number of the frame, or, where the name is nothing but that number, the name of its
  /// folder.
  private static func words(_ name: String) -> Words {
    // What follows in brackets is where a table names it.
    let path = name.firstRange(of: " (").map { name[..<$0.lowerBound] } ?? name[...]
    let parts = path.split(separator: "/")
    guard let file = parts.last else { return [] }
    let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
    var words = stem.split { "_-. ".contains($0) }
    guard let frame = words.lastIndex(where: { $0.last.map(isDigit) ?? false }) else { return [] }
    words = Array(words[..<frame])
    // frame_0012 says no more than 0012.
    let isTelling = words.contains { word in !["frame", "img", "image", "f", "crop"].contains(word.lowercased()) }
    if isTelling { return words }
    let folder = parts.dropLast().last.map { $0.split { "_-. ".contains($0) } } ?? []
    return folder
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
