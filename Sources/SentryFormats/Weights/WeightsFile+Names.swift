extension WeightsFile {
  /// The tensors of a file under the names that a network has for them.
  public struct Match: Sendable {
    public var tensors: [String: StoredTensor] = [:]
    /// What the file has before each name, with wrappers left out: `net.`; often empty.
    public var prefix = ""
    /// The network's names that the file has not. Counters of batch norms are not among them: files of before 2018 have none,
    /// and inference does not read them.
    public var missing: [String] = []
    /// The file's names that the network has not.
    public var extra: [String] = []
  }

  /// Brings the names of the file to those of a network: without what wrappers put among them (`module.` of DataParallel,
  /// `_orig_mod.` of torch.compile), without a prefix that all share (`model.`, `net.`, `backbone.`, …), and in today's spelling
  /// of torchvision's networks (`norm.1` is `norm1`).
  ///
  /// The prefix is the one with which the most names are found; where several are equal, a known one, then the shortest.
  public func matched(to names: some Sequence<String>) -> Match {
    let wanted = Set(names)
    let plain = tensors.map { wanted.contains($0.name) ? $0.name : Self.unwrapped($0.name) }
    var match = Match()
    match.prefix = Self.prefix(of: plain, wanted)
    for ((raw, tensor), name) in zip(tensors, plain) {
      guard name.hasPrefix(match.prefix),
        let known = Self.spelling(name.dropFirst(match.prefix.count), among: wanted), match.tensors[known] == nil
      else {
        match.extra.append(raw)
        continue
      }
      match.tensors[known] = tensor
    }
    match.missing = names.filter { match.tensors[$0] == nil && !$0.hasSuffix(".num_batches_tracked") }
    return match
  }

  private static let knownPrefixes = ["", "model.", "net.", "network.", "backbone.", "encoder.", "student."]
  /// How many segments a prefix may have.
  private static let longestPrefix = 4

  private static func prefix(of names: [String], _ wanted: Set<String>) -> String {
    var counts: [Substring: Int] = [:]
    for name in names {
      var rest = name[...]
      for _ in 0...longestPrefix {
        if spelling(rest, among: wanted) != nil { counts[name[..<rest.startIndex], default: 0] += 1 }
        guard let dot = rest.firstIndex(of: ".") else { break }
        rest = rest[rest.index(after: dot)...]
      }
    }
    func rank(_ prefix: Substring) -> (Int, Int, Substring) {
      (knownPrefixes.firstIndex(of: String(prefix)) ?? knownPrefixes.count, prefix.count, prefix)
    }
    let best = counts.max { $0.value == $1.value ? rank($1.key) < rank($0.key) : $0.value < $1.value }
    return String(best?.key ?? "")
  }

  /// Without the segments that wrappers of PyTorch add.
  public static func unwrapped(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false).filter { $0 != "module" && $0 != "_orig_mod" }
      .joined(separator: ".")
  }

  /// The network's name for one of a file, in either spelling.
  private static func spelling(_ name: Substring, among wanted: Set<String>) -> String? {
    let plain = String(name)
    if wanted.contains(plain) { return plain }
    // torchvision's DenseNets of before 2018: denselayer1.norm.1.weight.
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let number = parts.firstIndex(where: { $0 == "1" || $0 == "2" }), number > 0,
      ["norm", "conv", "relu"].contains(parts[number - 1])
    else { return nil }
    let joined = parts[number - 1] + parts[number]
    parts.replaceSubrange(number - 1...number, with: [joined[...]])
    let today = parts.joined(separator: ".")
    return wanted.contains(today) ? today : nil
  }
}
