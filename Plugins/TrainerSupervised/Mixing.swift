import Glibc
import SentryBase
import SentryPluginAPI

/// Mixes the samples of a batch in pairs, and their labels with the same shares: mixup (Zhang, Cisse, Dauphin and Lopez-Paz 2018) and
/// CutMix (Yun et al. 2019). One share for the batch, drawn from Beta(α, α); the pairs are the batch and its mirror image, as in timm.
/// Each sample keeps the larger share, so that its own class remains the one that counts as correct.
struct Mixing: Sendable {
  /// α of each; 0: not used. Where both are, each batch has one of them, with equal chances.
  var mixup, cutmix: Double

  var isOn: Bool { mixup > 0 || cutmix > 0 }

  /// - Throws: ``PluginError`` where a model's inputs cannot be mixed so.
  func check(_ input: TensorSpecification) throws {
    guard isOn else { return }
    guard input.dtype == .float32 else {
      throw PluginError.invalid(
        "the model takes \(input.dtype), and only float32 can be mixed",
        hint: "leave out trainer.mixup and trainer.cutmix")
    }
    guard cutmix == 0 || Plane(input) != nil else {
      throw PluginError.invalid(
        "the model's inputs \(input.shape)\(input.layout.map { " \($0)" } ?? "") are no images, which CutMix cuts",
        hint: "leave out trainer.cutmix, or use trainer.mixup")
    }
  }

  /// The mixed batch; the batch itself where it has a single sample.
  ///
  /// - Parameter classes: of each task.
  func mixed(_ batch: Batch, classes: [Int], input: TensorSpecification) throws -> Batch {
    guard isOn, let rows = batch.inputs.shape.first, rows > 1 else { return batch }
    var random = SplitMix64(seed: SplitMix64.mix(batch.seed ^ 0x6D69_7875_7000_0000))
    let cuts = cutmix > 0 && (mixup == 0 || random.next() >> 63 == 1)
    let drawn = Self.beta(cuts ? cutmix : mixup, &random)
    let share = max(drawn, 1 - drawn)
    if cuts, let plane = Plane(input) {
      let box = plane.box(share: share, &random)
      return try Self.mixed(
        batch, classes: classes, share: 1 - Double(box.area) / Double(plane.height * plane.width)
      ) { own, other in plane.copy(box, from: other, to: own) }
    }
    let (kept, taken) = (Float(share), Float(1 - share))
    return try Self.mixed(batch, classes: classes, share: share) { own, other in
      for index in own.indices { own[index] = kept * own[index] + taken * other[index] }
    }
  }

  /// - Parameters:
  ///   - share: what each sample keeps.
  ///   - mix: changes a copy of a sample by its partner's values.
  static func mixed(
    _ batch: Batch, classes: [Int], share: Double,
    _ mix: (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> Batch {
    let (rows, tasks) = (batch.inputs.shape[0], classes.count)
    let (inputs, source) = (Tensor(batch.inputs.shape), try batch.inputs.elements(as: Float.self))
    let copy = try inputs.elements(as: Float.self)
    let length = copy.count / rows
    _ = copy.update(from: source)
    for row in 0..<rows where rows - 1 - row != row {
      let partner = (rows - 1 - row) * length
      mix(
        .init(rebasing: copy[row * length..<(row + 1) * length]),
        .init(rebasing: source[partner..<partner + length]))
    }
    let labels = try batch.targets.array(of: Int64.self)
    var targets = labels
    let given = try batch.softTargets?.array(of: Float.self)
    let width = classes.reduce(0, +)
    var mixed = [Float](repeating: .nan, count: rows * width)
    for row in 0..<rows {
      var first = 0
      for (task, count) in classes.enumerated() {
        func distribution(_ row: Int) -> [Float]? {
          if let given, !given[row * width + first].isNaN {
            return Array(given[row * width + first..<row * width + first + count])
          }
          let target = labels[row * tasks + task]
          guard target >= 0 else { return nil }
          return (0..<count).map { Int64($0) == target ? 1 : 0 }
        }
        if let own = distribution(row), let other = distribution(rows - 1 - row) {
          for index in 0..<count {
            mixed[row * width + first + index] = Float(share * Double(own[index]) + (1 - share) * Double(other[index]))
          }
        } else {
          // Of what is half unknown nothing is learned.
          targets[row * tasks + task] = -1
        }
        first += count
      }
    }
    return Batch(
      epoch: batch.epoch, step: batch.step, seed: batch.seed, inputs: inputs,
      targets: Tensor([rows, tasks], targets), softTargets: Tensor([rows, width], mixed))
  }

  /// Beta(α, α) by Jöhnk 1964.
  static func beta(_ alpha: Double, _ random: inout SplitMix64) -> Double {
    // With a tiny α both powers are too small to be numbers, and all shares are 0 or 1.
    if alpha < 1e-3 { return random.next() >> 63 == 1 ? 1 : 0 }
    while true {
      // Without 0, so that a power is none either.
      let (x, y) = (pow(uniform(&random), 1 / alpha), pow(uniform(&random), 1 / alpha))
      if x + y > 0, x + y <= 1 { return x / (x + y) }
    }
  }

  /// In 0 < u ≤ 1.
  private static func uniform(_ random: inout SplitMix64) -> Double { Double((random.next() >> 11) + 1) * 0x1p-53 }
}

extension Mixing {
  /// The pixels of an image.
  struct Plane {
    let height, width: Int
    /// Planes before the pixels, and values at each pixel.
    let planes, values: Int

    /// nil for inputs that are no images of a known layout.
    init?(_ input: TensorSpecification) {
      guard input.shape.count == 3, let layout = input.layout else { return nil }
      switch layout {
      case "CHW": (planes, height, width, values) = (input.shape[0], input.shape[1], input.shape[2], 1)
      case "HWC": (planes, height, width, values) = (1, input.shape[0], input.shape[1], input.shape[2])
      default: return nil
      }
    }

    struct Box: Equatable {
      var rows, columns: Range<Int>
      var area: Int { rows.count * columns.count }
    }

    /// A box with 1 - `share` of the area about a random pixel, cut at the border, as torchvision's `CutMix` has it.
    func box(share: Double, _ random: inout SplitMix64) -> Box {
      let (x, y) = (Int.random(in: 0..<width, using: &random), Int.random(in: 0..<height, using: &random))
      let half = 0.5 * (1 - share).squareRoot()
      func range(_ centre: Int, _ length: Int) -> Range<Int> {
        let reach = Int(half * Double(length))
        return max(centre - reach, 0)..<min(centre + reach, length)
      }
      return Box(rows: range(y, height), columns: range(x, width))
    }

    func copy(_ box: Box, from source: UnsafeMutableBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>)
    {
      for plane in 0..<planes {
        for row in box.rows {
          let start = ((plane * height + row) * width + box.columns.lowerBound) * values
          for index in start..<start + box.columns.count * values { target[index] = source[index] }
        }
      }
    }
  }
}
