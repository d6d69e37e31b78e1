import CSentryPlugin
import SentryPluginAPI

/// Grey images of stripes, across or along, with noise: a dataset of two classes that needs no files.
struct Stripes: Dataset {
  struct Options: Decodable {
    var count: Int
    var size: Int
    var seed: UInt64
  }
  let options: Options

  var specification: DatasetSpecification {
    DatasetSpecification(
      sample: TensorSpecification(.uint8, [options.size, options.size, 1], layout: "HWC"),
      tasks: [ClassificationTask("direction", classes: ["across", "along"])],
      notes: ["validation images come from seeds that training never saw"])
  }

  func count(in split: Split) -> Int { split == .train ? options.count : split == .validation ? options.count / 4 : 0 }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    try check(index, split)
    return [index % 2]
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    try check(index, split)
    var random = SplitMix(state: options.seed &+ UInt64(index) &* 3 &+ UInt64(split.rawValue))
    let (period, phase, size) = (Int(random.next() % 5) + 4, Int(random.next() % 9), options.size)
    let pixels = (0..<size * size).map { pixel in
      let along = index % 2 == 0 ? pixel / size : pixel % size
      return UInt8((along + phase) % period < period / 2 ? 200 : 60) &+ UInt8(random.next() % 40)
    }
    return Tensor([size, size, 1], pixels)
  }

  func name(at index: Int, in split: Split) -> String { "\(split) \(index)" }

  private func check(_ index: Int, _ split: Split) throws {
    guard index >= 0, index < count(in: split) else {
      throw PluginError.invalid("there is no sample \(index) in \(split)")
    }
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

let plugin = Plugin(
  "dataset-stripes", version: "1.0.0", "Stripes in two directions",
  components: [
    .dataset(
      "stripes", "Generated images of stripes, across or along",
      options: [
        .integer("count", 1000, minimum: 8, "Training images; a quarter as many for validation."),
        .integer("size", 48, minimum: 16, maximum: 512, "The side of an image in pixels."),
        .seed,
      ]
    ) { Stripes(options: try $0.options.decode()) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
