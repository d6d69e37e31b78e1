import SentryPluginAPI
import SentryTables

/// The images of one split, found in folders that are named after the classes.
public struct ClassFolders: Sendable {
  /// An image by its path relative to the dataset's root, and its class.
  public struct Item: Sendable {
    public let path: String
    public let label: Int
  }

  public private(set) var items: [Item] = []
  /// How many images each class has that is left out.
  public private(set) var dropped: [String: Int] = [:]
  /// Files that are no images.
  public private(set) var otherFiles = 0
  public private(set) var otherExample: String?
  /// Links to folders that are not entered, each with the reason.
  public private(set) var skippedLinks: [String] = []
  /// Classes of the vocabulary that have no folder.
  public private(set) var missing: [String]

  /// - Parameters:
  ///   - folder: of the split, relative to the root; empty for the root itself.
  ///   - passingOver: folders whose names mean nothing are left alone where this says so, and are an error otherwise.
  ///   - meaning: of a folder's name.
  ///   - listed: images that are known already, by their paths relative to the root.
  /// - Throws: ``PluginError`` for an unknown class and for an empty one.
  public init(
    _ folder: String, of root: Folder, vocabulary: ClassVocabulary, passingOver: (String) -> Bool = { _ in false },
    meaning: (String) -> ClassVocabulary.Meaning?, excluding listed: Set<String> = []
  ) throws {
    missing = []
    var present: Set<Int> = []
    let parent = folder.isEmpty ? root : root.appending(folder)
    for entry in try parent.entries() where entry.kind == .folder || entry.kind == .missing {
      let meaning = meaning(entry.name)
      try Self.checkLink(entry, in: parent, isClass: meaning != nil)
      guard entry.kind == .folder else { continue }
      guard let meaning else {
        if passingOver(entry.name) { continue }
        throw PluginError.badData(
          "\(parent.join(entry.name)): '\(entry.name)' is not a known class",
          hint: "rename or move the folder; known classes are \(vocabulary.knownNames.joined(separator: ", "))")
      }
      let path = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
      let images = try root.appending(path).images(inside: parent, of: root)
      let paths = images.paths.map { "\(path)/\($0)" }.filter { !listed.contains($0) }
      otherFiles += images.otherFiles
      otherExample = otherExample ?? images.otherExample.map { "\(path)/\($0)" }
      skippedLinks += images.skippedLinks.map { "\(path)/\($0)" }
      switch meaning {
      case .dropped(let name): dropped[name, default: 0] += paths.count
      case .kept(let label):
        guard !images.paths.isEmpty else {
          throw PluginError.badData(
            "\(root.join(path)): the class folder holds no image",
            hint: "put JPEG, PNG or BMP files there, or remove the folder")
        }
        present.insert(label)
        items += paths.map { Item(path: $0, label: label) }
      }
    }
    missing = vocabulary.classes.indices.filter { !present.contains($0) }.map { vocabulary.classes[$0] }
  }

  /// - Throws: ``PluginError`` for a class folder that is a link to nowhere, or to a folder that is read anyhow.
  private static func checkLink(_ entry: Folder.Entry, in parent: Folder, isClass: Bool) throws {
    guard isClass, entry.isLink else { return }
    let path = parent.join(entry.name)
    if entry.kind == .missing {
      throw PluginError.badData(
        "\(path): the link points to \(Folder.missingTarget(of: path) ?? "something"), which is not there",
        hint: "mend or remove the link")
    }
    if let target = Folder.targetRead(by: parent, link: path) {
      throw PluginError.badData(
        "\(path): the link points to \(target), whose images are read in their own place",
        hint: "remove the link: it would count them a second time, as another class")
    }
  }
}
