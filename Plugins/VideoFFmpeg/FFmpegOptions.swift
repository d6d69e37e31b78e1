import SentryPluginAPI
import SentryVideo

struct FFmpegOptions: Codable, Sendable {
  var pictureRate = 25.0
  var timeout = 10.0
  var cameraSize: String?
  var cameraRate = 0.0
  var quality = 23

  enum CodingKeys: String, CodingKey {
    case timeout, quality
    case pictureRate = "picture-rate"
    case cameraSize = "camera-size"
    case cameraRate = "camera-rate"
  }

  static let declarations: [OptionDeclaration] = [
    .number("picture-rate", 25, minimum: 0.001, maximum: 1000, "How many pictures of a folder make a second."),
    .number("timeout", 10, minimum: 0.1, maximum: 3600, "How many seconds a server or a camera may take to answer."),
    .string("camera-size", nil, "The size to ask a camera for, such as 640x480; it may give another."),
    .number(
      "camera-rate", 0, minimum: 0, maximum: 1000,
      "The frames per second to ask a camera for; it may give another rate. 0: the camera's own."),
    .integer("quality", 23, minimum: 0, maximum: 51, "The quality of written videos: 0 is without loss, 51 the worst."),
  ]

  /// - Throws: ``PluginError`` for a size that is none.
  func reading(_ host: Host) throws -> ReadingOptions {
    var options = ReadingOptions()
    options.pictureRate = pictureRate
    options.timeout = timeout
    options.keepsPace = true
    options.isCancelled = { host.isCancelled }
    if let cameraSize {
      let sides = cameraSize.lowercased().split(separator: "x").map { Int($0) ?? 0 }
      guard sides.count == 2, sides.allSatisfy({ (1...65_535).contains($0) }) else {
        throw PluginError.invalid("camera-size is \(cameraSize)", hint: "give a width and a height, such as 640x480")
      }
      options.cameraSize = (sides[0], sides[1])
    }
    if cameraRate > 0 { options.cameraRate = cameraRate }
    return options
  }
}
