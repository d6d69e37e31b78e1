import Glibc

/// How far confidence and accuracy lie apart (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017).
public enum CalibrationError {
  public static let bins = 15

  /// The expected calibration error, 0 to 1: labelled samples are put into equal bins by the probability of the predicted class,
  /// each bin closed above, and the distance between mean probability and share of hits is averaged over the samples.
  /// - Returns: nil where nothing is labelled.
  public static func expected(_ set: LabelledLogits, temperature: Double) -> Double? {
    var confidence = [Double](repeating: 0, count: bins)
    var (hits, counts) = (confidence, confidence)
    for (row, target) in set.targets.enumerated() where target >= 0 {
      let scores = set.logits[row * set.classes..<(row + 1) * set.classes]
      guard let peak = scores.max(), let predicted = scores.firstIndex(of: peak) else { continue }
      let moments = set.moments(row: row, sharpness: 1 / temperature)
      let probability = exp(Double(peak) / temperature - moments.logNormaliser)
      let bin = min(max(Int((probability * Double(bins)).rounded(.up)) - 1, 0), bins - 1)
      confidence[bin] += probability
      hits[bin] += predicted - scores.startIndex == Int(target) ? 1 : 0
      counts[bin] += 1
    }
    let total = counts.reduce(0, +)
    return total > 0 ? zip(confidence, hits).reduce(0) { $0 + abs($1.0 - $1.1) } / total : nil
  }
}
