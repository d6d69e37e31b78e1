import SentryPluginAPI
import SentryTables

/// Drawn faces, made when they are asked for: training needs no files, and the classes are balanced.
struct SyntheticFaces: Dataset {
  let options: SyntheticFacesOptions
  let specification: DatasetSpecification
  private let classes: [Emotion]

  init(_ options: SyntheticFacesOptions) throws {
    self.options = options
    classes = try ClassVocabulary.emotion.classes.map { name in
      guard let emotion = Emotion(rawValue: name) else {
        throw PluginError("synthetic-faces cannot draw the class '\(name)'")
      }
      return emotion
    }
    specification = DatasetSpecification(
      sample: TensorSpecification(.uint8, [options.size, options.size, 1], layout: "HWC"),
      tasks: [ClassificationTask("emotion", classes: ClassVocabulary.emotion.classes)],
      notes: ["the faces are drawn by Sentry: accuracies on them say nothing about photographs"])
  }

  func count(in split: Split) -> Int {
    switch split {
    case .train: options.count
    case .validation: options.validationCount
    case .test: 0
    }
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    try check(index, split)
    return [index % classes.count]
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    try check(index, split)
    let face = Face(classes[index % classes.count], seed: seed(of: index, in: split))
    return Tensor([options.size, options.size, 1], face.drawn(size: options.size))
  }

  func name(at index: Int, in split: Split) -> String { "\(split) face \(index)" }

  /// Splits take turns on one line of numbers, so that no two faces of a dataset share one, however many there are.
  func seed(of index: Int, in split: Split) -> UInt64 {
    let number = UInt64(index) * UInt64(Split.allCases.count) + UInt64(split.rawValue)
    // The generator starts from well-mixed states only: both factors are odd, so this is one-to-one.
    return (number &* 0xD134_2543_DE82_EF95) ^ (UInt64(options.seed) &* 0xDA94_2042_E4DD_58B5)
  }

  private func check(_ index: Int, _ split: Split) throws {
    guard (0..<count(in: split)).contains(index) else {
      throw PluginError.invalid("there is no \(split) face \(index): the split has \(count(in: split))")
    }
  }
}
