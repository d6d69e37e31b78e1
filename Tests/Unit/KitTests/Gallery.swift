import Glibc
import SentryPluginAPI
import Synchronization

/// Components that keep every law, but for the one way in which each is broken.

final class GalleryDataset: Dataset, @unchecked Sendable {
  enum Fault: String, CaseIterable, Sendable {
    case twoClassesAlike, countChanges, otherShape, targetBeyond, randomBytes, noName, noBounds, notANumber,
      sharedBuffer
  }

  let fault: Fault?
  let specification: DatasetSpecification
  private let reads = Atomic<Int>(0)
  private let buffer = Tensor([2, 3])

  init(_ fault: Fault? = nil) {
    self.fault = fault
    specification = DatasetSpecification(
      sample: TensorSpecification(.float32, [2, 3]),
      tasks: [ClassificationTask("task", classes: fault == .twoClassesAlike ? ["a", "a"] : ["a", "b"])])
  }

  func count(in split: Split) -> Int {
    guard split != .test else { return 0 }
    return fault == .countChanges ? 10 + reads.load(ordering: .relaxed) : 10
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    try check(index, split)
    return [fault == .targetBeyond ? 2 : index % 2]
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    try check(index, split)
    let read = reads.add(1, ordering: .relaxed).newValue
    if fault == .otherShape { return Tensor([3, 2]) }
    let tensor = fault == .sharedBuffer ? buffer : Tensor([2, 3])
    let values = try tensor.elements(as: Float.self)
    for element in values.indices { values[element] = Float(index * 6 + element) }
    if fault == .randomBytes { values[0] = Float(read) }
    if fault == .notANumber { values[5] = .nan }
    // Long enough for another thread to come.
    if fault == .sharedBuffer { usleep(500) }
    return tensor
  }

  func name(at index: Int, in split: Split) -> String { fault == .noName ? "" : "\(split)-\(index)" }

  private func check(_ index: Int, _ split: Split) throws {
    if fault == .noBounds { return }
    guard (0..<max(count(in: split), 0)).contains(index) else {
      throw PluginError.invalid("there is no sample \(index)")
    }
  }
}

struct GalleryAugmenter: Augmenter {
  enum Fault: String, CaseIterable, Sendable {
    case otherShape, randomWithoutStrength, forgetsSeed, changesInput, takesAnything, overflows, countsCalls
  }

  let fault: Fault?
  private static let calls = Atomic<Int>(0)
  var specification: AugmenterSpecification {
    AugmenterSpecification(
      input: TensorSpecification(.float32, [4]), output: TensorSpecification(.float32, [4]))
  }

  init(_ fault: Fault? = nil) { self.fault = fault }

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    if strength == .mild { throw strength.unsupported }
    guard fault == .takesAnything || input.dtype == .float32 && input.shape == [4] else {
      throw PluginError.invalid("a sample is \(input.dtype) \(input.shape)")
    }
    if fault == .otherShape { return Tensor([5]) }
    if fault == .takesAnything, input.dtype != .float32 || input.shape != [4] { return Tensor([4]) }
    let output = Tensor([4], try input.array(of: Float.self))
    let values = try output.elements(as: Float.self)
    switch strength {
    case .none: if fault == .randomWithoutStrength { values[0] += Float(seed % 1000) }
    default:
      values[0] += Float(seed % 1000)
      if fault == .forgetsSeed { values[0] += Float(Self.calls.add(1, ordering: .relaxed).newValue) }
      if fault == .countsCalls { values[1] = Float(Self.calls.add(1, ordering: .relaxed).newValue) }
    }
    if fault == .changesInput { try input.elements(as: Float.self)[0] = 0 }
    if fault == .overflows, values[3] > 1e5 { values[3] = .infinity }
    return output
  }
}
