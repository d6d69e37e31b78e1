/// What the schema says of an operator: the numbers of its inputs, the kind of its options, and how these are read.
struct TFLiteSchema {
  let name: String
  let inputs: ClosedRange<Int>
  /// The member of the schema's union; nil where the options say nothing that is needed.
  let options: UInt8?
  let read: (FlatTable) throws -> TFLiteOperator

  init(
    _ name: String, inputs: ClosedRange<Int>, options: UInt8? = nil,
    _ read: @escaping (FlatTable) throws -> TFLiteOperator
  ) {
    (self.name, self.inputs, self.options, self.read) = (name, inputs, options, read)
  }

  /// By the schema's number of the operator.
  static func of(_ code: Int32) -> TFLiteSchema? {
    switch code {
    case 0: TFLiteSchema("ADD", inputs: 2...2, options: 11) { .add(try $0.activation(0)) }
    case 2:
      TFLiteSchema("CONCATENATION", inputs: 1...1024, options: 10) {
        .concatenation(axis: Int(try $0.number(0, Int32(0))), try $0.activation(1))
      }
    case 3:
      TFLiteSchema("CONV_2D", inputs: 2...3, options: 1) {
        .convolution(try $0.window(dilation: (height: 5, width: 4)), try $0.activation(3))
      }
    case 4:
      TFLiteSchema("DEPTHWISE_CONV_2D", inputs: 2...3, options: 2) {
        .depthwiseConvolution(
          try $0.window(dilation: (height: 6, width: 5)), multiplier: try $0.positive(3, 1), try $0.activation(4))
      }
    case 5: TFLiteSchema("DEPTH_TO_SPACE", inputs: 1...1, options: 94) { .depthToSpace(block: try $0.positive(0, 0)) }
    case 6: TFLiteSchema("DEQUANTIZE", inputs: 1...1) { _ in .constant }
    case 14: TFLiteSchema("LOGISTIC", inputs: 1...1) { _ in .logistic }
    case 17:
      TFLiteSchema("MAX_POOL_2D", inputs: 1...1, options: 5) {
        .maxPool(
          try $0.window(dilation: nil), height: try $0.positive(4, 0), width: try $0.positive(3, 0),
          try $0.activation(5))
      }
    case 19: TFLiteSchema("RELU", inputs: 1...1) { _ in .relu }
    case 22: TFLiteSchema("RESHAPE", inputs: 1...2) { _ in .reshape }
    case 23:
      TFLiteSchema("RESIZE_BILINEAR", inputs: 2...2, options: 15) {
        .resizeBilinear(
          alignCorners: try $0.number(2, UInt8(0)) != 0, halfPixelCenters: try $0.number(3, UInt8(0)) != 0)
      }
    case 34: TFLiteSchema("PAD", inputs: 2...2) { _ in .pad }
    case 54: TFLiteSchema("PRELU", inputs: 2...2) { _ in .prelu }
    case 124: TFLiteSchema("DENSIFY", inputs: 1...1) { _ in .constant }
    default: nil
    }
  }
}

extension FlatTable {
  /// A count or a distance. What a picture's side cannot be is refused, so that no arithmetic of a reader overflows.
  fileprivate func positive(_ field: Int, _ absent: Int32) throws -> Int {
    let value = try number(field, absent)
    guard (1...1 << 16).contains(value) else { throw buffer.malformed(place, "has the option \(value)") }
    return Int(value)
  }

  fileprivate func activation(_ field: Int) throws -> TFLiteActivation {
    let number = try number(field, Int8(0))
    guard let activation = TFLiteActivation(rawValue: number) else {
      throw FormatError(
        .unsupported, file: buffer.file, place: place, "has activation \(number); none, ReLU and ReLU6 are supported")
    }
    return activation
  }

  /// Padding and strides are the first fields of every window.
  fileprivate func window(dilation: (height: Int, width: Int)?) throws -> TFLiteWindow {
    guard let padding = TFLiteWindow.Padding(rawValue: try number(0, Int8(0))) else {
      throw buffer.malformed(place, "has an unknown padding")
    }
    var window = TFLiteWindow(padding: padding, strideHeight: try positive(2, 0), strideWidth: try positive(1, 0))
    if let dilation {
      window.dilationHeight = try positive(dilation.height, 1)
      window.dilationWidth = try positive(dilation.width, 1)
    }
    return window
  }
}
