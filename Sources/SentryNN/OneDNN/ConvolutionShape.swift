/// All that a convolution's primitives depend on. Square kernels, no dilation, no groups, no bias.
struct ConvolutionShape: Hashable {
  enum Algorithm {
    /// oneDNN's.
    case direct, winograd
    /// ``WinogradConvolution``.
    case ownWinograd
  }

  var images: Int
  var inputChannels: Int
  var height: Int
  var width: Int
  var outputChannels: Int
  var kernel: Int
  var stride = 1
  var padding = 0
  var algorithm = Algorithm.direct
  var precision = Precision.f32

  var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

  var input: [Int] { [images, inputChannels, height, width] }
  var weights: [Int] { [outputChannels, inputChannels, kernel, kernel] }
  var output: [Int] { [images, outputChannels, outputHeight, outputWidth] }

  var description: String {
    "a \(algorithm) convolution in \(precision) \(kernel)×\(kernel)/\(stride) of \(input) to \(output)"
  }
}
