import Foundation
import SentryPluginAPI

/// A dataset of files, `0.num` to `5.num`, that keeps every law, but for what it makes of damaged ones.
final class GalleryFiles: Dataset {
  enum Fault: String, CaseIterable, Sendable {
    case namesNothing, saysNothing, otherCode, trustsLengths, trustsNumbers, failsWhenMade, knowsNothing
  }

  private static let (magic, count, width) = (Array("NUM1".utf8), 6, 4)

  /// - Returns: the path of a folder that `body` may use.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + "/sentry-gallery-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for index in 0..<count {
      let values = (0..<width).map { Float(index * width + $0) }
      let bytes = magic + values.withUnsafeBytes { Array($0) }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(index).num"))
    }
    return try body(folder)
  }

  private let folder: String
  private let fault: Fault?
  let specification = DatasetSpecification(
    sample: TensorSpecification(.float32, [4]), tasks: [ClassificationTask("task", classes: ["a", "b"])])

  init(_ folder: String, _ fault: Fault? = nil) throws {
    (self.folder, self.fault) = (folder, fault)
    guard fault == .failsWhenMade || fault == .knowsNothing else { return }
    for index in 0..<Self.count where (try? Self.values(of: "\(folder)/\(index).num")) == nil {
      // A folder is named where it holds no such data, not where a file of it is damaged.
      throw fault == .knowsNothing ? PluginError.invalid("no such data") : .badData("\(folder): a file is damaged")
    }
  }

  func count(in split: Split) -> Int { split == .test ? 0 : Self.count / 2 }

  func targets(at index: Int, in split: Split) throws -> [Int?] {
    _ = try file(index, split)
    return [index % 2]
  }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    let file = try file(index, split)
    do {
      let values = try Self.values(of: file)
      return Tensor([values.count], values)
    } catch let error as PluginError {
      switch fault {
      case .namesNothing: throw PluginError.badData("a file is damaged")
      case .saysNothing: throw PluginError.badData("")
      case .otherCode: throw PluginError(error.message)
      case .trustsLengths: return Tensor([Self.width - 1])
      case .trustsNumbers: return Tensor([Self.width], [Float](repeating: .nan, count: Self.width))
      default: throw error
      }
    }
  }

  func name(at index: Int, in split: Split) -> String { "\(split)-\(index)" }

  private func file(_ index: Int, _ split: Split) throws -> String {
    guard (0..<count(in: split)).contains(index) else { throw PluginError.invalid("there is no sample \(index)") }
    return "\(folder)/\(split == .train ? index : Self.count / 2 + index).num"
  }

  private static func values(of file: String) throws -> [Float] {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: file)))
    guard bytes.count == magic.count + 4 * width, bytes.starts(with: magic) else {
      throw PluginError.badData("\(file) is damaged")
    }
    return bytes.dropFirst(magic.count).withUnsafeBytes { raw in
      (0..<width).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }
}
