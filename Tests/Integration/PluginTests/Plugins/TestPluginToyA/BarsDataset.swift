import SentryPluginAPI

/// Sixteen by sixteen grey levels with a bar at one of ten heights, under noise that hides some; every tenth sample of the test
/// split has no label.
struct BarsDataset: Dataset {
  static let classes = [
    "zero", "one", "two", "a, b", "it's 100 %", "<i>\"five\"</i>", "six & {x}_2^y", "`date` @seven", "acht",
    "ein sehr langer Name für neun",
  ]
  private static let side = 16

  let specification = DatasetSpecification(
    sample: TensorSpecification(.uint8, [16, 16, 1], layout: "HWC"),
    tasks: [ClassificationTask("bars", classes: BarsDataset.classes)])

  func count(in split: Split) -> Int {
    switch split {
    case .train: 200
    case .validation: 50
    case .test: 120
    }
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    [split == .test && index % 10 == 7 ? nil : label(index)]
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    let (label, salt) = (label(index), Int(split.rawValue) * 1009 + index)
    let pixels = (0..<Self.side * Self.side).map { position -> UInt8 in
      let (row, noise) = (position / Self.side, (position &* 7919 &+ salt &* 104_729) % 131)
      return UInt8(row == label + 3 ? 90 + noise / 2 : noise)
    }
    return Tensor([Self.side, Self.side, 1], pixels)
  }

  func name(at index: Int, in split: Split) -> String { "bars, \(split) \(index)" }

  private func label(_ index: Int) -> Int { index * 7 % Self.classes.count }
}
