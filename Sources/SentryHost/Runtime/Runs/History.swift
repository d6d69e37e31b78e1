import SentryPluginAPI

/// What history.json holds: one column for each quantity, one entry in each for every epoch.
package struct History: Codable, Sendable, Equatable {
  package private(set) var epochs: [Int] = []
  package private(set) var columns: [String: [Double?]] = [:]

  /// - Parameters:
  ///   - epoch: counted from 1.
  ///   - absent: quantities that this epoch does not have and others do.
  package mutating func append(epoch: Int, _ values: [String: Double], absent: [String] = []) {
    for name in Array(values.keys) + absent where columns[name] == nil {
      columns[name] = [Double?](repeating: nil, count: epochs.count)
    }
    epochs.append(epoch)
    // A quantity that an epoch did not report stays in line with the others.
    for name in columns.keys { columns[name]?.append(values[name]) }
  }

  /// The column of a run whose inputs change their size.
  package static let size = "input_size"

  /// The first epoch with the highest validation accuracy, of those with inputs of the last size.
  package var bestEpoch: Int? {
    let sizes = columns[Self.size]
    let scores = zip(epochs.indices, columns["val_acc"] ?? []).compactMap { index, value -> (Int, Double)? in
      guard let value, sizes.map({ $0[index] == $0.last }) ?? true else { return nil }
      return (epochs[index], value)
    }
    guard let highest = scores.map(\.1).max() else { return nil }
    return scores.first { $0.1 == highest }?.0
  }

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    epochs = try container.decode([Int].self, forKey: Key("epoch"))
    for key in container.allKeys where key.stringValue != "epoch" {
      columns[key.stringValue] = try container.decode([Double?].self, forKey: key)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(epochs, forKey: Key("epoch"))
    for (name, values) in columns { try container.encode(values, forKey: Key(name)) }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// What timing.json holds; everything that differs between two runs of one seed is here or in run.json.
package struct Timing: Codable, Sendable, Equatable {
  package var epoch: [Int] = []
  /// Of the whole epoch, validation included.
  package var seconds: [Double] = []
  /// Training images for each second of training.
  package var imagesPerSecond: [Double] = []
  package var peakMemoryBytes: [Int] = []
  /// When training and validation of the epoch were over, in seconds from the start of the program that did them: from
  /// one to the next is a whole epoch with what is written at its end. Nil in older runs.
  package var epochEnds: [Double]? = []
  /// For each start of the program, seconds from there to when its first step began and when it was done.
  package var firstStepBegins: [Double] = []
  package var firstStepEnds: [Double] = []
  /// Where the time of the run went, with --profile.
  package var profile: RunProfile?

  package init() {}

  enum CodingKeys: String, CodingKey {
    case epoch, seconds, profile
    case epochEnds = "epoch_ends"
    case firstStepBegins = "first_step_begins"
    case firstStepEnds = "first_step_ends"
    case imagesPerSecond = "images_per_second"
    case peakMemoryBytes = "peak_memory_bytes"
  }
}

/// Where the time of a run went.
package struct RunProfile: Codable, Sendable, Equatable {
  /// Steps and images of training.
  package var steps = 0
  package var images = 0
  /// Seconds of the run by what was done; what threads do side by side counts once.
  package var seconds: [String: Double] = [:]
  /// Processor seconds of the loader threads, which work beside the rest.
  package var loaderSeconds: [String: Double] = [:]

  package init() {}

  enum CodingKeys: String, CodingKey {
    case steps, images, seconds
    case loaderSeconds = "loader_seconds"
  }
}
