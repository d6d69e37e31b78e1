import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// Files as the samples of a dataset without labels, so that a trained model is asked about them as validation would ask.
package struct FileDataset: Dataset {
  private struct Item: Sendable {
    let path: String
    /// In the file.
    let index: Int
    let name: String
  }

  package let specification: DatasetSpecification
  /// Files that hold nothing readable.
  let skipped: [SkippedSample]
  private let items: [Item]
  private let reader: ImportedFileReader
  private let options: Options

  /// The one split that there is.
  static let split = Split.test

  /// - Parameters:
  ///   - tasks: what the model answers.
  ///   - skipBad: how many unreadable files may be left out.
  /// - Throws: ``PluginError`` that names the file.
  init(
    _ paths: [String], reader: ImportedFileReader, options: Options, tasks: [ClassificationTask], skipBad: Int
  ) throws {
    var (items, skipped) = ([Item](), [SkippedSample]())
    for (number, path) in paths.enumerated() {
      do {
        let count = try reader.sampleCount(of: path)
        items += (0..<count).map { Item(path: path, index: $0, name: count == 1 ? path : "\(path)[\($0)]") }
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
        skipped.append(SkippedSample(split: Self.split, index: number, name: path, reason: error.message))
        guard skipped.count <= skipBad else { throw SampleReader.unreadable(path, error, allowed: skipBad) }
      }
    }
    self.items = items
    self.skipped = skipped
    self.reader = reader
    self.options = options
    specification = DatasetSpecification(sample: reader.specification.input, tasks: tasks)
  }

  package func count(in split: Split) -> Int { split == Self.split ? items.count : 0 }

  package func targets(at index: Int, in split: Split) throws -> [Int?] { specification.tasks.map { _ in nil } }

  package func sample(at index: Int, in split: Split) throws -> Tensor {
    let item = items[index]
    return try reader.readSample(item.index, of: item.path, options: options)
  }

  package func name(at index: Int, in split: Split) -> String { items[index].name }
}

extension ImportedFileReader {
  /// The options of ``readSample(_:of:options:)``, checked and completed.
  /// - Parameters:
  ///   - chosen: what the user set.
  ///   - title: whose options they are.
  package func options(_ chosen: [String: JSONValue], title: String) throws -> Options {
    let schema = try OptionSchema(reading.options, what: "what \(title) says of its files")
    var values = schema.defaults
    let today = schema.current(chosen, .augmenter, in: title)
    for (name, value) in today.sorted(by: { $0.key < $1.key }) {
      guard let property = schema.properties[name] else {
        throw PluginError.invalid(
          "\(title) reads files without an option '\(name)'",
          hint: Suggestion.hint(for: name, among: schema.settable.map(\.name)) ?? "it has no such options")
      }
      if let problem = property.problem(with: value) {
        throw PluginError.invalid("\(title): \(name) \(problem)", hint: property.help)
      }
      values[name] = value
    }
    return Options(json: try JSON.text(values))
  }
}
