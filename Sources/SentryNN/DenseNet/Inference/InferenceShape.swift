/// All that a convolution of inference depends on: as ``ConvolutionShape``, with bias and ReLU, and with a padding of its own
/// above and below, as parts of an image have.
struct InferenceShape: Hashable {
  var images = 1
  var inputChannels: Int
  var height: Int
  var width: Int
  var outputChannels: Int
  var kernel = 1
  var stride = 1
  /// Left and right.
  var padding = 0
  /// Padding above and below.
  var top = 0
  var bottom = 0
  /// Adds a bias and cuts at 0.
  var hasReLU = false
  var algorithm = ConvolutionShape.Algorithm.direct
  /// Of the input and the weights.
  var precision = Precision.f32
  /// Of the result.
  var resultPrecision = Precision.f32

  var input: [Int] { [images, inputChannels, height, width] }
  var weights: [Int] { [outputChannels, inputChannels, kernel, kernel] }
  var output: [Int] {
    [
      images, outputChannels, (height + top + bottom - kernel) / stride + 1,
      (width + 2 * padding - kernel) / stride + 1,
    ]
  }

  var description: String {
    "a \(algorithm) \(precision) convolution \(kernel)×\(kernel)/\(stride) of \(input) to \(output) for inference"
  }
}
