import SentryFormats
import SentryPluginAPI

/// Whole recordings, [any number of frames, features], in windows as validation has them: one after the other, a last part
/// that fills none left out, a shorter recording filled up with its last frame.
extension SequenceAugmenter: FileReadingAugmenter {
  var reading: FileReading { FileReading(suffixes: [".npy"]) }

  func sampleCount(of path: String) throws -> Int {
    let shape = try Self.named(path) { try NPYFile.shape(of: path) }
    guard shape.count == 2, shape[0] > 0, shape[1] == features else {
      throw PluginError.badData(
        "\(path) has the shape \(shape) but must be a sequence [frames, \(features)]",
        hint: "the model was trained on \(features) features a frame")
    }
    return max(1, shape[0] / frames)
  }

  func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor {
    let count = try sampleCount(of: path)
    guard (0..<count).contains(index) else {
      throw PluginError.invalid("\(path) holds \(count) windows, not number \(index)")
    }
    let array = try Self.named(path) { try NPYFile.read(path) }
    let values = try Self.named(path) { try array.floats() }
    guard values.allSatisfy(\.isFinite) else { throw PluginError.badData("\(path) holds values that are not finite") }
    let window = (0..<frames).flatMap { frame in
      let start = min(index * frames + frame, array.shape[0] - 1) * features
      return values[start..<start + features]
    }
    return Tensor([frames, features], window)
  }

  /// Damaged files as the border knows them.
  private static func named<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as FormatError {
      throw PluginError.badData("\(path): \(error.detail)", hint: error.hint)
    }
  }
}
