import Glibc
import SentryPluginAPI

/// Two samples; their name tells how the files begin.
final class FiledDataset: Dataset {
  struct Options: Decodable {
    var first, second, file: String?
    enum CodingKeys: String, CodingKey {
      case first = "first-file"
      case second = "second-file"
      case file
    }
  }

  let specification = DatasetSpecification(
    sample: TensorSpecification(.float32, [1], layout: "F"), tasks: [ClassificationTask("side", classes: ["0", "1"])])
  private let words: [String]

  init(_ files: [String]) throws {
    words = try files.map { path in
      guard let file = fopen(path, "re") else { throw PluginError.invalid("'\(path)' cannot be opened") }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 6)
      return String(decoding: bytes.prefix(fread(&bytes, 1, 6, file)), as: UTF8.self)
    }
  }

  func count(in split: Split) -> Int { split == .train ? 2 : 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }
  func sample(at index: Int, in split: Split) throws -> Tensor { Tensor([1], [Float(index)]) }
  func name(at index: Int, in split: Split) -> String { "\(words.joined(separator: " and ")) \(index)" }
}
