import SentryFormats
import SentryPluginAPI

/// What the first convolution and the norm behind it are called.
public struct StemNames: Sendable {
  let weight: String
  let runningMean: String

  public init(convolution: String, norm: String) {
    (weight, runningMean) = ("\(convolution).weight", "\(norm).running_mean")
  }
}

/// From a first convolution that reads three colours to one that reads grey.
public enum StemConversion: String, Decodable, Sendable, CaseIterable {
  /// The network answers a grey picture as the one of three colours answers it with red, green and blue alike: that one reads
  /// (x − μ) / σ of each colour, ours (x − 0.5) / 0.5, so a colour's weights are scaled by 0.5 / σ before they are added up, and the
  /// constant that is left, Σ (0.5 − μ) / σ · w, moves into the running mean of the batch norm behind. Only the outermost
  /// pixels differ, where the padding of both stands for another grey (mid-grey here, the mean of ImageNet there).
  case sum
  /// The plain mean over the colours, as older programs have it. Running statistics do not fit its outputs, which are about a
  /// seventh as large.
  case mean

  /// Of ImageNet's pictures, in red, green, blue: what torchvision's networks are trained with.
  private static let (means, deviations): ([Double], [Double]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

  static func applies(from stored: [Int], to shape: [Int]) -> Bool {
    stored.count == 4 && shape.count == 4 && stored[1] == 3 && shape[1] == 1 && stored[0] == shape[0]
      && stored[2...] == shape[2...]
  }

  var sentence: String {
    switch self {
    case .sum: "the stem as the sum over its three colours"
    case .mean: "the stem as the mean over its three colours"
    }
  }

  private func factor(_ colour: Int) -> Double { self == .sum ? 0.5 / Self.deviations[colour] : 1.0 / 3 }

  func fill(_ parameter: NamedTensor, from stored: StoredTensor) throws {
    let (source, target) = (try stored.floats(), try parameter.value.elements(as: Float.self))
    let area = parameter.value.shape[2] * parameter.value.shape[3]
    for index in target.indices {
      let (filter, place) = (index / area, index % area)
      target[index] = Float(
        (0..<3).reduce(0.0) { $0 + Double(source[(filter * 3 + $1) * area + place]) * factor($1) })
    }
  }

  /// Takes the constant of the sum out of the running mean, which was filled from the file.
  func shiftMeans(of parameters: [NamedTensor], from tensors: [String: StoredTensor], _ names: StemNames) throws {
    guard self == .sum, let stored = tensors[names.weight], tensors[names.runningMean] != nil,
      let parameter = parameters.first(where: { $0.name == names.runningMean })
    else { return }
    let (weights, means) = (try stored.floats(), try parameter.value.elements(as: Float.self))
    let area = stored.shape[2] * stored.shape[3]
    for filter in means.indices {
      let constant = (0..<3).reduce(0.0) { sum, colour in
        let first = (filter * 3 + colour) * area
        let total = weights[first..<first + area].reduce(0.0) { $0 + Double($1) }
        return sum + total * (0.5 - Self.means[colour]) / Self.deviations[colour]
      }
      means[filter] = Float(Double(means[filter]) - constant)
    }
  }
}
