import FoundationEssentials

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let dtype: DType
    let shape: [Int]
    /// In bytes from the end of the header.
    let range: Range<Int>
  }

  /// In the order of their bytes.
  private(set) var entries: [Entry]
  private(set) var metadata: [String: String]

  static let damaged = "the file is damaged: fetch or save it again"

  /// - Throws: ``FormatError`` naming the tensor.
  init(_ bytes: [UInt8], file: String) throws {
    guard bytes.first == UInt8(ascii: "{") else {
      throw FormatError(.malformed, file: file, "is not a safetensors file: its header does not begin with '{'")
    }
    try Self.requireModest(bytes, file: file)
    let members: [String: Member]
    do {
      members = try JSONDecoder().decode([String: Member].self, from: Data(bytes))
    } catch {
      throw FormatError(.malformed, file: file, place: "header", "is not the JSON of safetensors", hint: Self.damaged)
    }
    metadata = [:]
    entries = []
    for (name, member) in members {
      switch member {
      case .metadata(let texts):
        guard name == SafetensorsFile.metadataKey else {
          throw FormatError(.malformed, file: file, place: name, "has no type, shape or place", hint: Self.damaged)
        }
        metadata = texts
      case .tensor(let description): entries.append(try Self.entry(name, description, file))
      }
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
  }

  /// Before it is decoded, which takes many times its own memory.
  private static func requireModest(_ bytes: [UInt8], file: String) throws {
    var (colons, depth, deepest, isText, isEscaped) = (0, 0, 0, false, false)
    for byte in bytes {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: ":"): colons += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): (depth, deepest) = (depth + 1, max(deepest, depth + 1))
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    // A tensor has its name and three members.
    guard colons <= 4 * SafetensorsFile.mostEntries else {
      throw FormatError(
        .tooLarge, file: file, place: "header", "lists more than \(SafetensorsFile.mostEntries) tensors and texts",
        hint: "no model has so many: check where the file comes from")
    }
    guard deepest <= 3 else {
      throw FormatError(.malformed, file: file, place: "header", "is nested \(deepest) deep", hint: damaged)
    }
  }

  private static func entry(_ name: String, _ description: Description, _ file: String) throws -> Entry {
    guard let dtype = DType(safetensors: description.dtype) else {
      throw FormatError(
        .unsupported, file: file, place: name,
        "has elements of type \(description.dtype.prefix(16)), which are not supported",
        hint: "convert it to F32 first")
    }
    guard description.shape.count <= 64, description.offsets.count == 2, description.offsets[0] >= 0,
      description.offsets[0] <= description.offsets[1]
    else { throw FormatError(.malformed, file: file, place: name, "has no valid shape or place", hint: damaged) }
    return Entry(
      name: name, dtype: dtype, shape: description.shape, range: description.offsets[0]..<description.offsets[1])
  }

  /// The format allows neither holes nor overlaps nor bytes behind the last tensor: nothing hides in a file.
  func requireDense(dataBytes: Int, file: String) throws {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw FormatError(
          .malformed, file: file, place: entry.name,
          "begins at byte \(entry.range.lowerBound) of the data, not at \(end)",
          hint: Self.damaged)
      }
      end = entry.range.upperBound
    }
    guard end <= dataBytes else {
      throw FormatError(
        .truncated, file: file, "has \(dataBytes) bytes of data, and its tensors need \(end)",
        hint: "the file is incomplete: fetch or save it again")
    }
    guard end == dataBytes else {
      throw FormatError(
        .malformed, file: file, "has \(dataBytes - end) bytes that belong to no tensor", hint: Self.damaged)
    }
  }

  /// The header for these tensors, one behind the other; keys sorted.
  static func encoded(_ tensors: [(name: String, tensor: StoredTensor)], metadata: [String: String]) throws -> [UInt8] {
    var members: [String: Member] = metadata.isEmpty ? [:] : [SafetensorsFile.metadataKey: .metadata(metadata)]
    var start = 0
    for (name, tensor) in tensors {
      let end = start + tensor.byteCount
      members[name] = .tensor(
        Description(dtype: tensor.dtype.safetensorsName, shape: tensor.shape, offsets: [start, end]))
      start = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(members))
  }
}

extension SafetensorsHeader {
  fileprivate struct Description: Codable {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  fileprivate enum Member: Codable {
    case tensor(Description)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let description = try? value.decode(Description.self) {
        self = .tensor(description)
      } else {
        self = .metadata(try value.decode([String: String].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .tensor(let description): try description.encode(to: encoder)
      case .metadata(let texts): try texts.encode(to: encoder)
      }
    }
  }
}

extension DType {
  init?(safetensors name: String) {
    guard let dtype = DType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = dtype
  }

  var safetensorsName: String { rawValue.uppercased() }
}
