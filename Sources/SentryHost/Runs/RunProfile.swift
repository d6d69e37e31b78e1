/// Where the time of a run went.
struct RunProfile: Codable, Sendable, Equatable {
  /// Steps and images of training.
  var steps = 0
  var images = 0
  /// Seconds of the run by what was done; what threads do side by side counts once.
  var seconds: [String: Double] = [:]
  /// Processor seconds of the loader threads, which work beside the rest.
  var loaderSeconds: [String: Double] = [:]

  enum CodingKeys: String, CodingKey {
    case steps, images, seconds
    case loaderSeconds = "loader_seconds"
  }
}
