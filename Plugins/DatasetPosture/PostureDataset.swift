import SentryPluginAPI
import SentryPosture
import SentryTables

/// Windows of sequences of posture features.
final class PostureDataset: Dataset {
  let specification: DatasetSpecification
  let options: PostureOptions
  let sequences: [Split: [PostureSequence]]
  let windows: [Split: [PostureWindow]]
  let store: ArrayStore
  let width: Int
  /// What stands beside the splits and wins over what would be computed.
  let givenStatistics: FeatureStatistics?
  let host: Host?

  convenience init(_ options: PostureOptions, host: Host?) throws {
    let path = try DatasetOptions.require(
      options.path, dataset: "posture", holding: "the folder with train/sequences/ and train/labels.json")
    let store = ArrayStore()
    let folders = try PostureFolders(Folder(path), options, host: host)
    var (sequences, notes) = (folders.sequences, folders.notes)
    if options.deriveLabels {
      notes += try DerivedLabels.fill(&sequences, width: folders.width, store: store, host: host)
    }
    self.init(
      options, sequences, width: folders.width, notes: notes, statistics: folders.statistics, store: store, host: host)
  }

  init(
    _ options: PostureOptions, _ sequences: [Split: [PostureSequence]], width: Int, notes: [String],
    statistics: FeatureStatistics?, store: ArrayStore, host: Host?
  ) {
    (self.options, self.sequences, self.width, self.store) = (options, sequences, width, store)
    (givenStatistics, self.host) = (statistics, host)
    let length = options.sequenceLength
    windows = sequences.reduce(into: [:]) { all, entry in
      // Overlapping windows are more to train on; in validation nothing may count twice.
      let step = entry.key == .train ? max(1, length / 2) : length
      all[entry.key] = entry.value.enumerated().flatMap { position, sequence in
        PostureWindow.starts(frames: sequence.frames, length: length, stride: step)
          .map { PostureWindow(sequence: position, start: $0) }
      }
    }
    let isOfKnownPeople = sequences.values.joined().allSatisfy { $0.subject != nil }
    specification = DatasetSpecification(
      sample: TensorSpecification(.float32, [length, width], layout: "TF"), tasks: PostureTasks.all,
      notes: Self.notes(sequences, windows, length) + notes, groups: isOfKnownPeople ? .subjects : .recordings)
  }

  private static func notes(
    _ sequences: [Split: [PostureSequence]], _ windows: [Split: [PostureWindow]], _ length: Int
  ) -> [String] {
    var notes: [String] = []
    for split in Split.allCases {
      guard let members = sequences[split] else { continue }
      notes.append(
        "\(Notes.counted(members.count, "\(Notes.word(split)) sequence")) give "
          + "\(Notes.counted(windows[split, default: []].count, "window")) of \(length) frames")
      let short = members.filter { $0.frames < length }.map(\.file.name)
      if !short.isEmpty {
        notes.append(
          "\(Notes.counted(short.count, "\(Notes.word(split)) sequence")) shorter than \(length) frames, "
            + "padded with the last frame: \(listed(short))")
      }
    }
    return notes
  }

  func count(in split: Split) -> Int { windows[split]?.count ?? 0 }

  func targets(at index: Int, in split: Split) throws -> [Int?] { try place(index, split).sequence.targets }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    let (sequence, window) = try place(index, split)
    let values = try store.values(of: sequence.file)
    let sample = Tensor([options.sequenceLength, width])
    let target = try sample.elements(as: Float.self)
    for frame in 0..<options.sequenceLength {
      let source = min(window.start + frame, sequence.frames - 1) * width
      for feature in 0..<width { target[frame * width + feature] = values[source + feature] }
    }
    return sample
  }

  func name(at index: Int, in split: Split) -> String {
    guard let (sequence, window) = try? place(index, split) else { return "no window \(index) in \(split)" }
    let last = min(window.start + options.sequenceLength, sequence.frames) - 1
    return "\(sequence.file.path) frames \(window.start) to \(last)"
  }

  func group(at index: Int, in split: Split) -> Int? { try? place(index, split).sequence.group }

  func place(_ index: Int, _ split: Split) throws -> (sequence: PostureSequence, window: PostureWindow) {
    guard let windows = windows[split], windows.indices.contains(index), let sequences = sequences[split] else {
      throw PluginError.invalid("\(split) has no window \(index): it has \(count(in: split))")
    }
    return (sequences[windows[index].sequence], windows[index])
  }
}
