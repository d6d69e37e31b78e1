import Glibc

/// Cross entropy with label smoothing ε and class weights w, as PyTorch has it:
/// ((1−ε)·Σ w_y·nll + ε/K·ΣΣ w_c·(−log p_c)) / Σ w_y over the samples whose target is not ``ignored``.
///
/// A sample may have a distribution q of its own in place of a class, as PyTorch's loss over class probabilities:
/// ΣΣ w_c·((1−ε)·q_c + ε/K)·(−log p_c) / N; such a sample counts 1 in the divisor.
public struct CrossEntropy: Sendable {
  /// The target of a sample that does not count.
  public static let ignored: Int32 = -1

  public struct Result: Sendable {
    /// The weighted sum of the losses.
    public let sum: Double
    /// Σ w_y, and 1 for a sample with a distribution; 0 where every target is ignored.
    public let weight: Double
    /// The batch's loss; 0 where every target is ignored.
    public var mean: Double { weight > 0 ? sum / weight : 0 }
  }

  public let labelSmoothing: Double
  /// One weight a class; nil weighs all alike.
  public let classWeights: [Double]?

  /// - Throws: ``NNError`` `.invalidInput` for a smoothing outside 0…1 or a negative weight.
  public init(labelSmoothing: Double = 0, classWeights: [Double]? = nil) throws {
    guard (0...1).contains(labelSmoothing) else {
      throw NNError(
        .invalidInput, "label smoothing \(labelSmoothing) is outside 0…1", hint: "0 is none, 0.1 to 0.2 are usual")
    }
    if let classWeights, !classWeights.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw NNError(.invalidInput, "class weights \(classWeights) are not all finite and ≥ 0", hint: "check the counts")
    }
    (self.labelSmoothing, self.classWeights) = (labelSmoothing, classWeights)
  }

  /// What the targets weigh in the mean.
  ///
  /// - Parameter soft: see ``evaluate(logits:targets:soft:batch:classes:gradient:)``.
  public func weight(of targets: [Int32], soft: [Float]? = nil) -> Double {
    let classes = targets.isEmpty ? 0 : (soft?.count ?? 0) / targets.count
    return targets.enumerated().reduce(0.0) { sum, entry in
      let (row, target) = entry
      if let soft, classes > 0, !soft[row * classes].isNaN { return sum + 1 }
      guard target != Self.ignored else { return sum }
      guard let classWeights else { return sum + 1 }
      return sum + (classWeights.indices.contains(Int(target)) ? classWeights[Int(target)] : 0)
    }
  }

  /// - Parameters:
  ///   - logits: [batch][classes]
  ///   - targets: a class, or ``ignored``
  ///   - soft: [batch][classes], distributions that count in place of the targets; NaN in a row without one
  ///   - gradient: gets the gradient of the mean with respect to the logits, [batch][classes]
  /// - Throws: ``NNError`` `.invalidInput` for a target that is no class, or weights of another number of classes.
  public func evaluate(
    logits: UnsafePointer<Float>, targets: UnsafePointer<Int32>, soft: UnsafePointer<Float>? = nil, batch: Int,
    classes: Int, gradient: UnsafeMutablePointer<Float>? = nil
  ) throws -> Result {
    let weights = classWeights ?? [Double](repeating: 1, count: classes)
    guard weights.count == classes else {
      throw NNError(.invalidInput, "\(weights.count) class weights for \(classes) classes", hint: "give one a class")
    }
    /// The row's distribution, where it has one.
    func distribution(_ row: Int) -> UnsafePointer<Float>? {
      soft.flatMap { classes == 0 || $0[row * classes].isNaN ? nil : $0 + row * classes }
    }
    var weight = 0.0
    for row in 0..<batch {
      if distribution(row) != nil {
        weight += 1
        continue
      }
      guard targets[row] != Self.ignored else { continue }
      guard targets[row] >= 0, targets[row] < classes else {
        throw NNError(
          .invalidInput, "the target \(targets[row]) of sample \(row) is no class of \(classes)",
          hint: "check the dataset's labels")
      }
      weight += weights[Int(targets[row])]
    }
    var sum = 0.0
    for row in 0..<batch {
      let (slope, own) = (gradient.map { $0 + row * classes }, distribution(row))
      guard own != nil || targets[row] != Self.ignored, weight > 0 else {
        slope?.update(repeating: 0, count: classes)
        continue
      }
      let target = Int(targets[row])
      // The target distribution, weighted: q_c = ε/K·w_c, and (1−ε)·w_y more for the label.
      sum += sample(logits + row * classes, classes, weight, slope) { index in
        if let own {
          return weights[index] * ((1 - labelSmoothing) * Double(own[index]) + labelSmoothing / Double(classes))
        }
        return labelSmoothing / Double(classes) * weights[index]
          + (index == target ? (1 - labelSmoothing) * weights[index] : 0)
      }
    }
    return Result(sum: sum, weight: weight)
  }

  /// One sample's loss, and its gradient divided by the total weight.
  ///
  /// - Parameter share: of a class in the target distribution, weighted.
  private func sample(
    _ logits: UnsafePointer<Float>, _ classes: Int, _ total: Double, _ gradient: UnsafeMutablePointer<Float>?,
    share: (Int) -> Double
  ) -> Double {
    var peak = -Double.infinity
    for index in 0..<classes { peak = max(peak, Double(logits[index])) }
    var normaliser = 0.0
    for index in 0..<classes { normaliser += exp(Double(logits[index]) - peak) }
    let logNormaliser = peak + log(normaliser)
    var (loss, shares) = (0.0, 0.0)
    for index in 0..<classes {
      loss -= share(index) * (Double(logits[index]) - logNormaliser)
      shares += share(index)
    }
    if let gradient {
      for index in 0..<classes {
        let probability = exp(Double(logits[index]) - logNormaliser)
        gradient[index] = Float((shares * probability - share(index)) / total)
      }
    }
    return loss
  }
}
