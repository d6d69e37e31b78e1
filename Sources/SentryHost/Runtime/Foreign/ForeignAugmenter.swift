import SentryPluginAPI

/// A foreign function as an augmenter of float32 samples of any shape: what comes out has the shape of what went in.
struct ForeignAugmenter: Augmenter {
  private enum Part {
    case ready(ForeignValue)
    case data, input, output, seed
    case count(ForeignType)
    case extent(axis: Int, ForeignType)
  }

  let specification: AugmenterSpecification
  private let manifest: ForeignManifest
  private let function: ForeignFunction
  private let parts: [Part]
  private let isInPlace: Bool

  /// - Parameter options: checked and complete, with the samples' description under `input`.
  init(_ manifest: ForeignManifest, _ function: ForeignFunction, options: [String: JSONValue]) throws {
    let input: TensorSpecification = try JSON.decode(
      from: JSON.text(options[OptionDeclaration.input.name]), what: "the description of the samples")
    guard input.dtype == .float32 else {
      throw PluginError.invalid(
        "samples are \(input), but '\(manifest.name)' takes float32",
        hint: "choose another --augmenter, or a dataset of float32 samples")
    }
    (self.manifest, self.function) = (manifest, function)
    specification = AugmenterSpecification(input: input, output: input)
    isInPlace = manifest.arguments.contains { $0.meaning == .data }
    parts = try manifest.arguments.map { try Self.part($0, input, options) }
  }

  private static func part(
    _ argument: ForeignArgument, _ input: TensorSpecification, _ options: [String: JSONValue]
  ) throws -> Part {
    switch argument.meaning {
    case .data: return .data
    case .input: return .input
    case .output: return .output
    case .seed: return .seed
    case .count: return .count(argument.type)
    case .constant(let value): return .ready(value)
    case .dimension(let axis): return .extent(axis: try index(of: axis, in: input), argument.type)
    case .option(let name):
      let value = options[name] ?? .null
      guard let ready = ForeignValue(value, as: argument.type) else {
        throw PluginError.invalid(
          "augmenter.\(name) is \(try JSON.text(value)), which is not a valid \(argument.type.rawValue)",
          hint: "--set augmenter.\(name)=… with a valid value")
      }
      return .ready(ready)
    }
  }

  private static func index(of axis: ForeignArgument.Axis, in input: TensorSpecification) throws -> Int {
    switch axis {
    case .number(let index) where index < input.shape.count: return index
    case .letter(let letter):
      let letters = Array(input.layout ?? "")
      if let index = letters.firstIndex(of: letter), letters.count == input.shape.count { return index }
    default: break
    }
    let text =
      switch axis {
      case .number(let index): "\(index)"
      case .letter(let letter): "'\(letter)'"
      }
    throw PluginError.invalid(
      "the function uses axis \(text) of its samples, which are \(input)",
      hint: "correct 'axis' in the manifest, or choose another dataset")
  }

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let given = TensorSpecification(input.dtype, input.shape)
    guard specification.input.accepts(given) else {
      throw PluginError.invalid("expected a sample of \(specification.input), got \(given)")
    }
    // A copy in any case: a function may write into its input, too, and the host gives that out again.
    let source = Tensor(input.shape)
    try source.copy(from: input)
    guard strength != .none || manifest.use == .always else { return source }
    let output = isInPlace ? source : Tensor(input.shape)
    // Evaluation knows no chance.
    let status = try call(source, output, seed: strength == .none ? 0 : seed)
    guard status == 0 || manifest.failure == .never else {
      throw PluginError(
        "\(manifest.symbol) of \(manifest.library) failed on a sample of \(given): it returned \(status)",
        hint: "see the library's documentation; \(Paths.last(manifest.file)) declares any result but 0 a failure")
    }
    return output
  }

  private func call(_ source: Tensor, _ output: Tensor, seed: UInt64) throws -> Int64 {
    func integer(_ number: Int, _ type: ForeignType) throws -> ForeignValue {
      if let value = ForeignValue(number, as: type) { return value }
      throw PluginError.invalid(
        "a sample is float32 \(source.shape): \(number) is more than the function's \(type.rawValue) can hold",
        hint: "choose a dataset of smaller samples")
    }
    let values = try parts.map { part -> ForeignValue in
      switch part {
      case .ready(let value): value
      case .data, .input: .pointer(UInt(bitPattern: source.data))
      case .output: .pointer(UInt(bitPattern: output.data))
      case .seed: .uint64(seed)
      case .count(let type): try integer(source.count, type)
      case .extent(let axis, let type): try integer(source.shape[axis], type)
      }
    }
    return withExtendedLifetime((source, output)) { function.call(values) }
  }
}
