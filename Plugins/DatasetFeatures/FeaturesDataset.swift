import SentryFormats
import SentryPluginAPI
import SentryPosture
import SentryTables

/// Feature vectors, float32 [D].
final class FeaturesDataset: Dataset {
  let specification: DatasetSpecification
  private let items: [Split: [FeatureItem]]
  private let length: Int
  private let store = ArrayStore()

  init(_ options: FeaturesOptions, host: Host?) throws {
    let path = try DatasetOptions.require(
      options.path, dataset: "features", holding: "the folder of the vectors, NAME.npy each, with labels.json")
    let reader = try FeaturesReader(Folder(path), options, host: host)
    (items, length) = (reader.items, reader.length)
    var notes = reader.notes
    for task in reader.tasks {
      let missing = items.values.joined().count { $0.entry.classes[task.name] == nil }
      if missing > 0 {
        notes.append("\(Notes.counted(missing, "vector")) without a label of \(task.name), masked there")
      }
    }
    let hasRecordings = items.values.joined().contains { $0.entry.subject == nil && $0.entry.recording != nil }
    specification = DatasetSpecification(
      sample: TensorSpecification(.float32, [reader.length], layout: "F"), tasks: reader.tasks, notes: notes,
      groups: hasRecordings ? .recordings : .subjects)
  }

  func count(in split: Split) -> Int { items[split]?.count ?? 0 }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    let entry = try item(index, split).entry
    return specification.tasks.map { entry.classes[$0.name] }
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    Tensor([length], try store.values(of: item(index, split).file))
  }

  func name(at index: Int, in split: Split) -> String {
    (try? item(index, split).file.path) ?? "no vector \(index) in \(split)"
  }

  func group(at index: Int, in split: Split) -> Int? { (try? item(index, split))?.group }

  private func item(_ index: Int, _ split: Split) throws -> FeatureItem {
    guard let items = items[split], items.indices.contains(index) else {
      throw PluginError.invalid("\(split) has no vector \(index): it has \(count(in: split))")
    }
    return items[index]
  }

  /// How much a path looks like feature vectors: file names, and the header of one file.
  static func score(_ path: String) -> Int {
    guard let kind = try? entryKind(at: path), kind == .folder,
      let folder = (try? FeaturesReader.folders(of: Folder(path)))?.first?.1, let entries = try? folder.entries(),
      let first = entries.first(where: { $0.kind == .file && $0.name.hasSuffix(".npy") }),
      let shape = try? NPYFile.shape(of: folder.join(first.name)), FeatureItem.problem(shape) == nil
    else { return 0 }
    return entries.contains { $0.name == "labels.json" } ? 90 : 60
  }
}
