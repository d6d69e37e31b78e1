import CSentryPlugin
import SentryPluginAPI

extension World {
  private struct Failure: Codable, Equatable {
    var code: Int32
    var message: String
    var hint: String?
  }

  /// Runs what may fail on some ranks only, and throws on all of them where it failed on one, with the rank's name. `body` must
  /// exchange nothing.
  ///
  /// - Parameter quietly: the others may take as long as they like.
  package func agree<Result>(on what: String, quietly: Bool = false, _ body: () throws -> Result) throws -> Result {
    guard size > 1 else { return try body() }
    let outcome = Swift.Result { try body() }
    var own: [UInt8] = []
    if case .failure(let error) = outcome {
      let error = error as? PluginError ?? PluginError(String(describing: error))
      own = Array(try JSON.text(Failure(code: error.code, message: error.message, hint: error.hint)).utf8)
    }
    let failures = try gatherBytes(own, of: what, quietly: quietly).map { text in
      text.isEmpty
        ? nil : try JSON.decode(Failure.self, from: String(decoding: text, as: UTF8.self), what: "a rank's error")
    }
    guard let rank = failures.firstIndex(where: { $0 != nil }), let failure = failures[rank] else {
      return try outcome.get()
    }
    noteAgreement()
    let ranks = failures.indices.filter { failures[$0] != nil }
    // What is wrong everywhere is no rank's fault.
    let isCommon = failures.allSatisfy { $0 == failure }
    let others = ranks.count > 1 && !isCommon ? " (and \(ranks.count - 1) other ranks failed)" : ""
    throw PluginError(
      isCommon ? failure.message : "\(title(ofRank: rank)): \(failure.message)\(others)", hint: failure.hint,
      code: failure.code)
  }

  /// Compares what must be the same on all ranks with the leader's. Throws on all of them ``PluginError`` that names rank and item
  /// of the differences.
  ///
  /// - Parameter items: by name, as texts.
  package func compare(_ items: [String: String], of what: String) throws {
    guard size > 1 else { return }
    let all = try gather(items, of: what)
    var differences: [String] = []
    for rank in all.indices.dropFirst() where all[rank] != all[0] {
      let names = Set(all[rank].keys).union(all[0].keys).filter { all[rank][$0] != all[0][$0] }.sorted()
      let told = names.prefix(4).map {
        "\($0) is \(Self.short(all[rank][$0])), and \(title(ofRank: 0)) has \(Self.short(all[0][$0]))"
      }
      differences.append(
        "\(title(ofRank: rank)): " + told.joined(separator: "; ")
          + (names.count > 4 ? "; and \(names.count - 4) more" : ""))
    }
    guard !differences.isEmpty else { return }
    noteAgreement()
    throw PluginError.invalid(
      "the processes differ in \(what): " + differences.prefix(8).joined(separator: "\n"),
      hint: "give every rank the same program, plugins, data and options")
  }

  private static func short(_ text: String?) -> String {
    guard let text else { return "missing" }
    return text.count > 80 ? "\(text.prefix(77))…" : text
  }
}
