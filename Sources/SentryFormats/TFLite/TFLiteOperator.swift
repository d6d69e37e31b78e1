/// What an operator computes, with what the file says of it. Tensors are NHWC.
public enum TFLiteOperator: Equatable, Sendable {
  case add(TFLiteActivation)
  case concatenation(axis: Int, TFLiteActivation)
  /// Inputs: picture, weights [outputs][height][width][inputs], bias.
  case convolution(TFLiteWindow, TFLiteActivation)
  /// Inputs: picture, weights [1][height][width][outputs], bias.
  case depthwiseConvolution(TFLiteWindow, multiplier: Int, TFLiteActivation)
  case depthToSpace(block: Int)
  case logistic
  case maxPool(TFLiteWindow, height: Int, width: Int, TFLiteActivation)
  /// Inputs: tensor, zeros before and after along each axis.
  case pad
  /// Inputs: tensor, slopes.
  case prelu
  case relu
  /// The shape is its output's.
  case reshape
  case resizeBilinear(alignCorners: Bool, halfPixelCenters: Bool)
  /// Only of constants, which it leaves as they are.
  case constant
}

/// What follows an operator at once.
public enum TFLiteActivation: Int8, Sendable {
  case none = 0
  case relu = 1
  case relu6 = 3
}

/// How the window of a convolution or a pooling moves.
public struct TFLiteWindow: Equatable, Sendable {
  /// `same`: as many results as the input has places, divided by the stride; what is missing outside is spread evenly, the odd one
  /// at the end. `valid`: no window reaches outside.
  public enum Padding: Int8, Sendable {
    case same = 0
    case valid = 1
  }

  public var padding: Padding
  public var strideHeight, strideWidth: Int
  public var dilationHeight = 1
  public var dilationWidth = 1
}
