import SentryPluginAPI

/// Pictures of one grey level under a little noise: light (class 0) or dark (class 1).
struct PatchesDataset: Dataset {
  let specification = DatasetSpecification(
    sample: TensorSpecification(.uint8, [20, 20, 3], layout: "HWC"),
    tasks: [ClassificationTask("shine", classes: ["<b>light</b>", "dark"])])

  func count(in split: Split) -> Int { split == .test ? 0 : 64 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }
  func name(at index: Int, in split: Split) -> String { "patch \(split) \(index)" }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    let level = index % 2 == 0 ? 200 : 40
    return Tensor([20, 20, 3], (0..<1200).map { UInt8(level + ($0 &* 7919 &+ index &* 104_729) % 31) })
  }
}

/// The green of the nearest pixels, around zero.
struct GreyPatch: Augmenter {
  let specification = AugmenterSpecification(
    input: TensorSpecification(.uint8, [-1, -1, 3], layout: "HWC"),
    output: TensorSpecification(.float32, [1, 16, 16], layout: "CHW"))

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let (height, width, pixels) = (input.shape[0], input.shape[1], try input.elements(as: UInt8.self))
    let values = (0..<256).map { position in
      let (row, column) = (position / 16 * height / 16, position % 16 * width / 16)
      return Float(pixels[(row * width + column) * 3 + 1]) / 127.5 - 1
    }
    return Tensor([1, 16, 16], values)
  }
}
