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

  package enum CodingKeys: String, CodingKey {
    case steps, images, seconds
    case loaderSeconds = "loader_seconds"
  }
}
