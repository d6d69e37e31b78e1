import SentryImaging
import SentryPluginAPI

extension FacePreprocessing: FileReadingAugmenter {
  struct ReadingOptions: Decodable {
    var lowLight: Bool
    enum CodingKeys: String, CodingKey { case lowLight = "low-light" }
  }

  var reading: FileReading {
    FileReading(
      suffixes: [".jpg", ".jpeg", ".png", ".bmp"],
      options: [
        .flag(
          "low-light", false,
          "Brighten dark images (gamma) and equalise their contrast (CLAHE) first.")
      ])
  }

  /// An image as datasets give it, [H, W, C]; corrected for low light it is grey.
  func readSample(_ index: Int, of path: String, options: SentryPluginAPI.Options) throws -> Tensor {
    let options: ReadingOptions = try options.decode()
    guard index == 0 else { throw PluginError.invalid("\(path) holds one image, not number \(index)") }
    do throws(ImagingError) {
      var image = try Image.load(path: path)
      if options.lowLight { image = try image.lowLightCorrected() }
      return Tensor([image.height, image.width, image.channels], image.pixels)
    } catch {
      throw PluginError.badData("\(path): \(error.reason)", hint: error.hint)
    }
  }
}
