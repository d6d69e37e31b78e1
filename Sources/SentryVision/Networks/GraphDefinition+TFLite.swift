import SentryFormats
import SentryNN

extension GraphDefinition {
  /// The graph of a model of TensorFlow Lite, with its constants loaded.
  /// - Throws: ``FormatError`` where the model has more than one input, or asks for what is not computed.
  init(_ model: TFLiteModel) throws {
    guard let input = model.inputs.first, model.inputs.count == 1 else {
      throw FormatError(
        .unsupported, file: model.file, "has \(model.inputs.count) inputs; networks of one picture are run")
    }
    let nodes = try model.operators.map { node in
      let translation = OperatorTranslation(model, node)
      return Node(
        name: node.place, try translation.body(), inputs: translation.operands, output: node.output)
    }
    // What no operator reads as numbers (the sizes of a resize, say) has become part of the operator.
    let read = Set(nodes.flatMap(\.inputs))
    let computed = Set(nodes.map(\.output)).union([input])
    let tensors = try model.tensors.enumerated().map { number, tensor in
      guard tensor.type == .f32 || !computed.contains(number) else {
        throw FormatError(
          .unsupported, file: model.file, place: tensor.name, "is computed in \(tensor.type)",
          hint: "quantised models are not run")
      }
      return Tensor(
        name: tensor.name, shape: tensor.shape,
        constant: read.contains(number) ? try tensor.constant?.floats() : nil)
    }
    self.init(tensors: tensors, nodes: nodes, input: input)
  }
}

/// One operator of a model as one of ``SentryNN``.
private struct OperatorTranslation {
  private let model: TFLiteModel
  private let node: TFLiteModel.Operator

  init(_ model: TFLiteModel, _ node: TFLiteModel.Operator) { (self.model, self.node) = (model, node) }

  /// The inputs that are computed with; the others are constants that say how.
  var operands: [Int] {
    let inputs = node.inputs.compactMap { $0 }
    return switch node.kind {
    case .pad, .resizeBilinear, .reshape: Array(inputs.prefix(1))
    default: inputs
    }
  }

  /// The table of operators.
  func body() throws -> any GraphOperator {
    switch node.kind {
    case .add(let activation): return AddOperator(activation: Activation(activation))
    case .concatenation(let axis, .none):
      return ConcatenationOperator(axis: axis < 0 ? axis + output.count : axis)
    case .convolution(let window, let activation):
      return try convolution(window, depthwise: false, activation)
    case .depthwiseConvolution(let window, multiplier: 1, let activation):
      return try convolution(window, depthwise: true, activation)
    case .depthToSpace(let block): return DepthToSpaceOperator(block: block)
    case .logistic: return ActivationOperator(.sigmoid)
    case .maxPool(let window, let height, let width, .none):
      let (vertical, horizontal) = try axes(window, height: height, width: width)
      return MaxPoolOperator(vertical: vertical, horizontal: horizontal)
    case .pad:
      let zeros = try integers(1)
      guard zeros.count % 2 == 0 else { throw misfit(.malformed, "has \(zeros.count) numbers of zeros") }
      return PadOperator(
        before: stride(from: 0, to: zeros.count, by: 2).map { zeros[$0] },
        after: stride(from: 1, to: zeros.count, by: 2).map { zeros[$0] })
    case .prelu: return PReLUOperator()
    case .relu: return ActivationOperator(.relu)
    case .reshape: return ReshapeOperator(shape: output)
    case .resizeBilinear(alignCorners: false, halfPixelCenters: true):
      let size = try integers(1)
      guard size.count == 2 else { throw misfit(.malformed, "has \(size.count) sizes") }
      return ResizeBilinearOperator(height: size[0], width: size[1])
    case .concatenation, .depthwiseConvolution, .maxPool, .resizeBilinear, .constant:
      throw misfit(.unsupported, "has options that are not computed: \(node.kind)")
    }
  }

  private var output: [Int] { model.tensors[node.output].shape }

  private func convolution(_ window: TFLiteWindow, depthwise: Bool, _ activation: TFLiteActivation) throws
    -> ConvolutionOperator
  {
    let weights = try shape(1)
    let (vertical, horizontal) = try axes(window, height: weights[1], width: weights[2])
    return ConvolutionOperator(
      vertical: vertical, horizontal: horizontal, depthwise: depthwise, hasBias: operands.count > 2,
      activation: Activation(activation))
  }

  private func axes(_ window: TFLiteWindow, height: Int, width: Int) throws -> (WindowAxis, WindowAxis) {
    let picture = try shape(0)
    func axis(_ size: Int, _ stride: Int, _ dilation: Int, over extent: Int) -> WindowAxis {
      switch window.padding {
      case .same: .same(size: size, stride: stride, dilation: dilation, over: extent)
      case .valid: WindowAxis(size: size, stride: stride, dilation: dilation)
      }
    }
    return (
      axis(height, window.strideHeight, window.dilationHeight, over: picture[1]),
      axis(width, window.strideWidth, window.dilationWidth, over: picture[2])
    )
  }

  /// The four extents of an input.
  private func shape(_ input: Int) throws -> [Int] {
    guard let number = node.inputs[input], model.tensors[number].shape.count == 4 else {
      throw misfit(.malformed, "has an input that is no picture")
    }
    return model.tensors[number].shape
  }

  private func integers(_ input: Int) throws -> [Int] {
    guard let number = node.inputs[input], let constant = model.tensors[number].constant else {
      throw misfit(.unsupported, "has a size that is computed")
    }
    return try constant.integers()
  }

  private func misfit(_ code: FormatError.Code, _ detail: String) -> FormatError {
    FormatError(code, file: model.file, place: node.place, detail)
  }
}

extension Activation {
  fileprivate init(_ activation: TFLiteActivation) {
    switch activation {
    case .none: self = .none
    case .relu: self = .relu
    case .relu6: self = .relu6
    }
  }
}
