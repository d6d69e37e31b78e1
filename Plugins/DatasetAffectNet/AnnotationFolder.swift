import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// AffectNet as its authors hand it out since 2020: `images/0.jpg`, and its expression in `annotations/0_exp.npy`, a number as
/// text or as such. Valence, arousal and landmarks lie beside it and are not read.
struct AnnotationFolder {
  private static let suffix = "_exp.npy"
  let root: Folder
  /// The folder of images/ and annotations/, relative to the root; empty for the root itself.
  let base: String

  private var images: String { base.isEmpty ? "images" : "\(base)/images" }
  private var annotations: String { base.isEmpty ? "annotations" : "\(base)/annotations" }

  /// nil where the folder has no such annotations.
  init?(_ base: String, of root: Folder) throws {
    (self.root, self.base) = (root, base)
    let here = base.isEmpty ? root : root.appending(base)
    let names = try here.entries().filter { $0.kind == .folder }.map(\.name)
    guard names.contains("images"), names.contains("annotations"),
      try root.appending(annotations).entries().contains(where: { $0.name.hasSuffix(Self.suffix) })
    else { return nil }
  }

  struct Contents {
    var samples: [LabelledSample<ImageFile>] = []
    var dropped: [String: Int] = [:]
    /// Annotations whose image is not there.
    var missing = 0
  }

  /// - Throws: ``PluginError`` (bad data) for an annotation that says no expression and for images without one.
  func read(vocabulary: ClassVocabulary, host: Host?) throws -> Contents {
    var contents = Contents()
    var paths: [String: String] = [:]
    for entry in try root.appending(images).entries()
    where (entry.kind == .file || entry.kind == .missing) && entry.name.hasImageExtension {
      let stem = Self.stem(entry.name)
      if let other = paths[stem] {
        throw PluginError.badData(
          "\(root.join(images)): \(other) and \(entry.name) have one annotation", hint: "remove one of them")
      }
      paths[stem] = entry.name
    }
    for (count, entry) in try root.appending(annotations).entries().enumerated()
    where entry.name.hasSuffix(Self.suffix) {
      if count % 1024 == 0 { try host?.checkCancellation() }
      let stem = String(entry.name.dropLast(Self.suffix.count))
      let image = paths.removeValue(forKey: stem)
      if image == nil { contents.missing += 1 }
      switch try expression(entry.name, vocabulary) {
      case .dropped(let name): contents.dropped[name, default: 0] += 1
      case .kept(let label):
        // Where the image is not there, reading the sample will say so, and --skip-bad can pass over it.
        let source = ImageFile(root: root, path: "\(images)/\(image ?? "\(stem).jpg")")
        contents.samples.append(LabelledSample(source, label: label))
      }
    }
    if let first = paths.values.min() {
      throw PluginError.badData(
        "\(root.join(images)): \(Notes.counted(paths.count, "image")) without an annotation, for example \(first), whose "
          + "expression would be in \(root.join(annotations))/\(Self.stem(first))\(Self.suffix)",
        hint: "fetch the annotations again, or remove the images")
    }
    return contents
  }

  private func expression(_ name: String, _ vocabulary: ClassVocabulary) throws -> ClassVocabulary.Meaning {
    let path = root.appending(annotations).join(name)
    let text = try mappingFormatErrors { try NPYFile.onlyElement(of: path) }
    guard let number = Int(text.trimmingBlanks), let meaning = AffectNet.numbering.meaning(of: number, in: vocabulary)
    else {
      throw PluginError.badData(
        "\(path): '\(text.prefix(40))' is not the number of an expression",
        hint: "the numbers are \(AffectNet.numbering.legend)")
    }
    return meaning
  }

  private static func stem(_ name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
