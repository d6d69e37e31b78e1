/// What a component says of itself, as JSON.
package protocol ComponentDescription: Decodable {
  /// `the dataset's description`, for errors.
  static var title: String { get }
  /// Throws where no component can be as this says.
  func check() throws
}

extension ComponentDescription {
  package func check() throws {}

  /// Reads what the other side says.
  package init(text: String) throws {
    self = try JSON.decode(from: text, what: Self.title)
    try check()
  }
}

extension DatasetSpecification: ComponentDescription {
  package static let title = "the dataset's description"
  package func check() throws { try sample.check("the dataset's samples") }
}

extension AugmenterSpecification: ComponentDescription {
  package static let title = "the augmenter's description"
  package func check() throws {
    try input.check("the augmenter's inputs")
    try output.check("the augmenter's outputs")
  }
}

extension FileReading: ComponentDescription { package static let title = "the augmenter's description of its files" }

extension ModelSpecification: ComponentDescription {
  package static let title = "the model's description"
  package func check() throws {
    try input.check("the model's inputs")
    for output in outputs { try output.specification().check("the values of output '\(output.name)'") }
  }
}

extension CatalogEntry: ComponentDescription { package static let title = "the source's description" }

extension DetectorSpecification: ComponentDescription {
  package static let title = "the detector's description"
  package func check() throws {
    guard edges.allSatisfy({ $0.count == 2 && $0.allSatisfy(keypoints.indices.contains) }) else {
      throw PluginError("the detector's edges are not pairs of its \(keypoints.count) keypoints")
    }
  }
}

extension FeatureSpecification: ComponentDescription { package static let title = "the features' description" }

extension VideoSpecification: ComponentDescription { package static let title = "the description of the video" }

extension CommunicatorSpecification: ComponentDescription {
  package static let title = "the communicator's description"
  package func check() throws {
    guard (1...1 << 20).contains(size), (0..<size).contains(rank), (1...size).contains(localSize),
      (0..<localSize).contains(localRank)
    else { throw PluginError("the communicator says that this is rank \(rank) of \(size)") }
  }
}
