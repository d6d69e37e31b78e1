import Glibc
import SentryPluginAPI

/// The dataset of Fixtures/guests/guest.c in Swift: what a plugin in Swift may do wrong.
final class GuestDataset: Dataset {
  struct Options: Decodable { var act: String }
  private struct Whatever: Error {}

  private let act: String
  private static let side = 16

  init(_ options: Options) { act = options.act }

  var specification: DatasetSpecification {
    let classes = act == "5000 classes" ? (0..<5000).map { "class-\($0)" } : ["a", "b"]
    return DatasetSpecification(
      sample: TensorSpecification(
        .float32, [1, act == "describes 2^40" ? 1 << 40 : Self.side, Self.side], layout: "CHW"),
      tasks: [ClassificationTask("t", classes: classes)])
  }

  func count(in split: Split) -> Int {
    switch split {
    case .train: act == "count of 10^12" ? 1_000_000_000_000 : 24
    case .validation: 8
    case .test: 0
    }
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    let values = (0..<Self.side * Self.side).map { Float((index * 31 + $0 * (index % 2 + 1)) % 17) / 17 }
    let sample = Tensor([1, Self.side, Self.side], values)
    guard index == 5, split == .train else { return sample }
    switch act {
    case "exit": exit(0)
    case "segfault": UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    case "traps": return Tensor([values.count + 1], values)
    case "overflows the stack": print(deeper(index))
    case "loops": while getpid() > 0 {}
    case "prints": print("the guest was here")
    case "leaves the folder": chdir("/")
    case "closes descriptors": for descriptor in 0..<3 as Range<Int32> { close(descriptor) }
    case "fails silently": throw PluginError("")
    case "throws": throw Whatever()
    case "other size": return Tensor([1, 8, 8], Array(values.prefix(64)))
    case "other type": return Tensor([1, Self.side, Self.side], values.map { Int64($0) })
    case "other device":
      return Tensor(sample.shape, .float32, over: sample.data, owner: sample, deviceType: 2)
    case "NaN": return Tensor(sample.shape, values.map { _ in Float.nan })
    default: break
    }
    return sample
  }

  @inline(never) private func deeper(_ depth: Int) -> Int { depth < 0 ? 0 : deeper(depth + 1) + deeper(depth + 2) }

  func name(at index: Int, in split: Split) -> String { "generated \(split)/\(index)" }
  func group(at index: Int, in split: Split) -> Int? { nil }
}
