import COpenCV

extension Image {
  /// Grey, brightened where it is dark, with its contrast equalised locally: what live pictures go through before the
  /// network.
  ///
  /// Where the mean is under 100, levels go through v^(1/γ) with γ = min(1 + (100 − mean) / 100, 1.8); then CLAHE with
  /// clip limit 3 and 8 × 8 tiles (reference 1, "Low-light preprocessing at inference").
  public func lowLightCorrected() throws(ImagingError) -> Image {
    var image = try grey()
    let mean = image.mean
    if mean < 100 { image.apply(.power(1 / min(1 + (100 - mean) / 100, 1.8))) }
    return try image.locallyEqualised(clipLimit: 3, tiles: 8)
  }

  /// Contrast-limited adaptive histogram equalisation (CLAHE) of a grey image in tiles × tiles tiles.
  public func locallyEqualised(clipLimit: Double, tiles: Int) throws(ImagingError) -> Image {
    guard channels == 1, tiles > 0, tiles <= min(width, height), clipLimit >= 0, clipLimit.isFinite else {
      throw .invalidArgument(
        "CLAHE in \(tiles)×\(tiles) tiles with clip limit \(clipLimit) of a \(width)×\(height)×\(channels) image",
        hint: "the image is grey and at least as many pixels wide and high as there are tiles")
    }
    return try filtered("CLAHE") { source, target, message, size in
      sentry_cv_clahe(source, target, clipLimit, Int32(tiles), message, size)
    }
  }
}
