/// A dataset in the catalogue: its location, its use and its access.
public struct CatalogEntry: Codable, Sendable, Equatable {
  /// The way to obtain the data.
  public enum Access: String, Codable, Sendable, CaseIterable {
    /// Public files, listed in `files`.
    case direct
    case googleDrive = "google-drive"
    /// With Kaggle's client.
    case kaggle
    /// With a toolbox of the publisher.
    case toolbox
    /// Manually, after an agreement.
    case manual
    /// Recorded by the user.
    case recorded
  }

  /// One file to download.
  public struct File: Codable, Sendable, Equatable {
    /// http or https.
    public var url: String
    /// The file name on disk, without folders.
    public var name: String
    public var bytes: Int?
    /// Checksums in hexadecimal, if known.
    public var md5, sha256: String?
    public init(url: String, name: String, bytes: Int? = nil, md5: String? = nil, sha256: String? = nil) {
      (self.url, self.name, self.bytes, self.md5, self.sha256) = (url, name, bytes, md5, sha256)
    }
  }

  /// The name that users type: `sentry data get KEY`.
  public var key: String
  public var title: String
  public var summary: String
  /// The size as text, for example "5.8 GB".
  public var size: String?
  /// The licence, if known.
  public var licence: String?
  public var access: Access
  public var files: [File]
  /// Manual steps, instead of or after the download.
  public var steps: [String]
  public var bestFor: String
  /// The dataset component that reads the prepared data, or the raw data if no preparation is needed.
  public var dataset: String?
  /// Whether `sentry data prepare` supports it.
  public var prepares: Bool

  enum CodingKeys: String, CodingKey {
    case key, title, summary, size, licence, access, files, steps, dataset, prepares
    case bestFor = "best_for"
  }

  public init(
    key: String, title: String, summary: String, size: String? = nil, licence: String? = nil, access: Access,
    files: [File] = [], steps: [String] = [], bestFor: String, dataset: String? = nil, prepares: Bool = false
  ) {
    (self.key, self.title, self.summary, self.size, self.licence) = (key, title, summary, size, licence)
    (self.access, self.files, self.steps, self.bestFor) = (access, files, steps, bestFor)
    (self.dataset, self.prepares) = (dataset, prepares)
  }
}

/// The result of a preparer or of a template.
public struct PreparationReport: Codable, Sendable, Equatable {
  /// The folder that was written.
  public var output: String
  /// Samples by split: `train`, `val`.
  public var samples: [String: Int]
  /// Notes for the user: skipped data, available labels and their origin.
  public var notes: [String]
  /// Options without which the dataset does not read what was written; nil: none.
  public var datasetOptions: [String: JSONValue]?

  enum CodingKeys: String, CodingKey {
    case output, samples, notes
    case datasetOptions = "dataset_options"
  }

  public init(
    output: String, samples: [String: Int] = [:], notes: [String] = [], datasetOptions: [String: JSONValue]? = nil
  ) {
    (self.output, self.samples, self.notes, self.datasetOptions) = (output, samples, notes, datasetOptions)
  }
}

/// Problems of a folder that a template created, and notes about it.
public struct TemplateCheck: Codable, Sendable, Equatable {
  public var problems: [String]
  public var notes: [String]
  public init(problems: [String] = [], notes: [String] = []) { (self.problems, self.notes) = (problems, notes) }
}
