import SentryPluginAPI
import SentryTables

/// The images that tables name, and what was wrong with how they are named.
public struct ListedImages: Sendable {
  /// What one row says of an image.
  public struct Mention: Sendable {
    /// The row: "labels.csv line 14".
    public let place: String
    /// As the table writes it.
    public let label: String
    public let meaning: ClassVocabulary.Meaning
    public let box: FaceBox?

    public init(place: String, label: String, meaning: ClassVocabulary.Meaning, box: FaceBox? = nil) {
      (self.place, self.label, self.meaning, self.box) = (place, label, meaning, box)
    }
  }

  private var mentions: [String: Mention] = [:]
  /// Rows for images that an earlier row names, with the same label.
  public private(set) var repeated = 0
  /// Rows for another face of an image that an earlier row names.
  private var otherFaces = 0
  private var contradictions: [String] = []
  private var contradicting = 0

  public init() {}

  public var paths: Set<String> { Set(mentions.keys) }

  /// - Returns: whether the row is the first for this image.
  public mutating func insert(_ path: String, _ mention: Mention) -> Bool {
    guard let first = mentions[path] else {
      mentions[path] = mention
      return true
    }
    // Rows of left-out classes have no box: of those that differ in it nothing can be said.
    if first.box != mention.box {
      otherFaces += 1
    } else if first.meaning == mention.meaning {
      repeated += 1
    } else {
      contradicting += 1
      if contradictions.count < 8 {
        contradictions.append("\(path) is \(first.label) (\(first.place)) and \(mention.label) (\(mention.place))")
      }
    }
    return false
  }

  /// - Throws: ``PluginError`` where rows for one image have different labels: nobody can tell which is right.
  public func check(_ root: Folder) throws {
    guard let first = contradictions.first else { return }
    let more = contradicting > contradictions.count ? "\n  and \(contradicting - contradictions.count) more" : ""
    throw PluginError.badData(
      contradicting == 1
        ? "\(root.path): \(first)"
        : "\(root.path): \(Notes.grouped(contradicting)) rows contradict an earlier row for the same image:\n  "
          + contradictions.joined(separator: "\n  ") + more,
      hint: "delete the rows that are wrong")
  }

  public var notes: [String] {
    var notes: [String] = []
    if repeated > 0 {
      notes.append("\(Notes.counted(repeated, "row")) for images that an earlier row names with the same label")
    }
    if otherFaces > 0 {
      notes.append(
        "\(Notes.counted(otherFaces, "row")) for other faces of images that an earlier row names: the first row counts")
    }
    return notes
  }
}
