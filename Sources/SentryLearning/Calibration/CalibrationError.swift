import Glibc
import SentryBase

/// How far the confidence of logits lies from their accuracy: ``CalibrationBins``.
public enum CalibrationError {
  public static let bins = CalibrationBins.usualCount

  /// The expected calibration error of the labelled samples, 0 to 1.
  /// - Returns: nil where nothing is labelled.
  public static func expected(_ set: LabelledLogits, temperature: Double) -> Double? {
    var found = CalibrationBins(count: bins)
    for (row, target) in set.targets.enumerated() where target >= 0 {
      let scores = set.logits[row * set.classes..<(row + 1) * set.classes]
      guard let peak = scores.max(), let predicted = scores.firstIndex(of: peak) else { continue }
      let moments = set.moments(row: row, sharpness: 1 / temperature)
      found.add(
        exp(Double(peak) / temperature - moments.logNormaliser), isHit: predicted - scores.startIndex == Int(target))
    }
    return found.expectedError
  }
}
