import CSentryPlugin
import SentryBase
import SentryPluginAPI

/// A dataset that reads files: where they are, and how it is made from them or from others.
public struct DatasetOfFiles: Sendable {
  let path: String
  let make: @Sendable (_ path: String) throws -> any Dataset

  /// - Parameter path: a file or a folder.
  public init(_ path: String, _ make: @escaping @Sendable (_ path: String) throws -> any Dataset) {
    (self.path, self.make) = (path, make)
  }
}

/// What a dataset must do where files are not what they were. It is given copies; the files stay as they are.
public enum DamageLaws {
  /// Files that are damaged, of different kinds where there are such.
  private static let most = 3

  public static let all: [Law<DatasetOfFiles>] = [
    Law(
      "dataset.damaged-data", level: 4,
      "A file that is cut off or overwritten is an error that names it, or gives samples like others."
    ) { data, run in
      try TemporaryFolder.with("sentry-damage-", in: Paths.environment("TMPDIR") ?? "/tmp") { folder in
        let copy = try DataCopy(of: data.path, in: folder)
        let whole: any Dataset
        do { whole = try data.make(copy.path) } catch { throw Skip("a copy of the data cannot be read: \(error)") }
        for file in chosen(of: copy.files, by: names(in: whole), most: most) {
          for damage in DataCopy.Damage.allCases {
            try copy.damage(file, damage, &run.random)
            try check(file.name, damage, copy.path, data)
          }
          try copy.mend(file)
        }
      }
    }
  ]

  private static func check(_ name: String, _ damage: DataCopy.Damage, _ path: String, _ data: DatasetOfFiles) throws {
    let what = "\(name) \(damage.title)"
    let dataset: any Dataset
    do { dataset = try data.make(path) } catch {
      // Of a file that nobody can recognise any more: these are no such data.
      if let error = error as? PluginError, error.code == SENTRY_INVALID, error.message.contains(path) { return }
      return try checkError(
        error, naming: name, among: "", [SENTRY_BAD_DATA, SENTRY_INVALID], "with \(what), making it")
    }
    for place in concerned(by: name, in: dataset) {
      let call = "with \(what), reading \(place.title(dataset))"
      do {
        let sample = try dataset.sample(at: place.index, in: place.split)
        let declared = dataset.specification.sample
        try require(sample.fits(declared), "\(call) gives \(sample.title); the description says \(declared)")
        try require(try sample.firstNotFinite() == nil, "\(call) gives what is not a finite number")
        _ = try dataset.targets(at: place.index, in: place.split)
      } catch let violation as Violation {
        throw violation
      } catch {
        let shown = dataset.name(at: place.index, in: place.split)
        try checkError(error, naming: name, among: shown, [SENTRY_BAD_DATA], call)
      }
    }
  }

  /// - Parameter others: what the host says of the sample beside the message.
  private static func checkError(
    _ error: any Error, naming name: String, among others: String, _ codes: [Int32], _ call: String
  ) throws {
    let told = error as? PluginError ?? PluginError("\(error)")
    try require(!told.isSilent, "\(call) fails without a message")
    try require(
      codes.contains(told.code),
      "\(call) fails with the code \(told.code): damaged data have the code SENTRY_BAD_DATA, \(SENTRY_BAD_DATA) (\(told))"
    )
    try require(
      [told.message, told.hint ?? "", others].contains { $0.contains(name) }, "\(call) fails without naming it: \(told)"
    )
  }

  private static func names(in dataset: any Dataset) -> [String] {
    Split.allCases.flatMap { split in (0..<dataset.count(in: split)).map { dataset.name(at: $0, in: split) } }
  }

  /// Of the most frequent kinds of files one each, if possible one that a sample is named after.
  private static func chosen(of files: [DataCopy.File], by samples: [String], most: Int) -> [DataCopy.File] {
    let kinds = Dictionary(grouping: files) { $0.kind }.sorted {
      ($1.value.count, $0.key) < ($0.value.count, $1.key)
    }
    return kinds.prefix(most).compactMap { _, files in
      files.prefix(8).first { file in samples.contains { $0.contains(file.name) } } ?? files.first
    }
  }

  /// Samples that are named after a file, and some of all.
  private static func concerned(by name: String, in dataset: any Dataset) -> [DatasetLaws.Place] {
    let named = Split.allCases.flatMap { split in
      (0..<dataset.count(in: split)).lazy.filter { dataset.name(at: $0, in: split).contains(name) }
        .prefix(DatasetLaws.sampled).map { DatasetLaws.Place(split: split, index: $0) }
    }
    return named + ((try? DatasetLaws.places(of: dataset)) ?? [])
  }
}
