/// A set of data as the catalogue knows it: where it is, what it is good for, how one gets it.
public struct CatalogEntry: Codable, Sendable, Equatable {
  /// How one gets at the data.
  public enum Access: String, Codable, Sendable, CaseIterable {
    /// Files that anyone may download: `files` lists them.
    case direct
    case googleDrive = "google-drive"
    /// Through Kaggle's own client.
    case kaggle
    /// Through a toolbox of those who publish it.
    case toolbox
    /// After an agreement, by hand.
    case manual
    /// Nobody publishes it: the user records it.
    case recorded
  }

  /// One file to download.
  public struct File: Codable, Sendable, Equatable {
    /// http or https.
    public var url: String
    /// The name that it gets, without folders.
    public var name: String
    public var bytes: Int?
    /// In hexadecimal, where they are known.
    public var md5, sha256: String?
    public init(url: String, name: String, bytes: Int? = nil, md5: String? = nil, sha256: String? = nil) {
      (self.url, self.name, self.bytes, self.md5, self.sha256) = (url, name, bytes, md5, sha256)
    }
  }

  /// As it is typed: `sentry data get KEY`.
  public var key: String
  public var title: String
  public var summary: String
  /// For people: "5.8 GB".
  public var size: String?
  /// Where it is known.
  public var licence: String?
  public var access: Access
  public var files: [File]
  /// What to do by hand where no file can be downloaded, and after the download.
  public var steps: [String]
  public var bestFor: String
  /// The dataset component that reads what is prepared, or the raw data where nothing has to be.
  public var dataset: String?
  /// Whether `sentry data prepare` has anything to do for it.
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

/// What a preparer wrote, or a template made.
public struct PreparationReport: Codable, Sendable, Equatable {
  /// The folder that was written.
  public var output: String
  /// Samples by split: `train`, `val`.
  public var samples: [String: Int]
  /// What a reader should know: what was left out, which labels there are and where they come from.
  public var notes: [String]
  public init(output: String, samples: [String: Int] = [:], notes: [String] = []) {
    (self.output, self.samples, self.notes) = (output, samples, notes)
  }
}

/// What is wrong with a folder that a template made, and what else is to be said of it.
public struct TemplateCheck: Codable, Sendable, Equatable {
  public var problems: [String]
  public var notes: [String]
  public init(problems: [String] = [], notes: [String] = []) { (self.problems, self.notes) = (problems, notes) }
}
