import ArgumentParser
import SentryLandmarks
import SentryPluginAPI

/// What landmark files do not tell.
struct LandmarkFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp("Frames per second of landmark files that state no times.", valueName: "n"))
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      "The pictures that landmark files in pixels are of, for example 640x480.", valueName: "WxH"))
  var size: PictureSize?

  @Option(
    help: ArgumentHelp(
      "What numbered keypoints of landmark files are: \(KeypointLayout.all.map(\.name).joined(separator: ", ")); default: told by their number.",
      valueName: "name"))
  var keypoints: KeypointLayout?

  func validate() throws {
    if let rate, !(rate > 0 && rate <= 1000) {
      throw ValidationError("--rate is \(rate) but must be more than 0 and at most 1000")
    }
  }

  var options: LandmarkOptions {
    LandmarkOptions(
      pictureSize: size.map { SIMD2($0.width, $0.height) }, rate: rate, layout: keypoints)
  }

  /// The options that were given.
  var given: [String] { settings.keys.sorted().map { "--\($0)" } }

  /// What the rows depend on.
  var settings: [String: JSONValue] {
    var settings: [String: JSONValue] = [:]
    settings["rate"] = rate.map { .string("\($0)") }
    settings["size"] = size.map { .string("\($0.width)x\($0.height)") }
    settings["keypoints"] = keypoints.map { .string($0.name) }
    return settings
  }
}

/// In pixels.
struct PictureSize: ExpressibleByArgument {
  let width, height: Float

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    guard sides.count == 2, sides.allSatisfy({ (1...65_535).contains($0) }) else { return nil }
    (width, height) = (Float(sides[0]), Float(sides[1]))
  }
}

extension KeypointLayout: ExpressibleByArgument {
  public init?(argument: String) {
    guard let layout = Self.all.first(where: { $0.name == argument }) else { return nil }
    self = layout
  }
}
