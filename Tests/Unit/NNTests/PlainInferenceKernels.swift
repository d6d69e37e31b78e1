import CSentryKernels

/// The kernels of inference as sentry_inference.h describes them, element by element, in f32.
var plainKernels: sentry_inference_kernels {
  sentry_inference_kernels(
    norm_relu: { pixels, channels, x, stride, scale, shift, out in
      let out = out.assumingMemoryBound(to: Float.self)
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          out[pixel * channels + channel] = max(0, x[pixel * stride + channel] * scale[channel] + shift[channel])
        }
      }
    },
    norm_relu_pool: { outputs, channels, top, bottom, stride, scale, shift, out in
      let out = out.assumingMemoryBound(to: Float.self)
      for output in 0..<outputs {
        for channel in 0..<channels {
          let places = [2 * output, 2 * output + 1].map { $0 * stride + channel }
          let values = places.flatMap { [top[$0], bottom[$0]] }.map { max(0, $0 * scale[channel] + shift[channel]) }
          out[output * channels + channel] = values.reduce(0, +) / 4
        }
      }
    },
    norm_relu_mean: { pixels, channels, x, stride, scale, shift, out in
      for channel in 0..<channels {
        let values = (0..<pixels).map { Double(max(0, x[$0 * stride + channel] * scale[channel] + shift[channel])) }
        out[channel] = Float(values.reduce(0, +) / Double(pixels))
      }
    },
    max_pool: { height, width, channels, first, last, x, out, stride in
      let columns = (width + 1) / 2
      for row in first..<last {
        for column in 0..<columns {
          for channel in 0..<channels {
            var best: Float = 0
            for y in 2 * row - 1...2 * row + 1 where (0..<height).contains(y) {
              for z in 2 * column - 1...2 * column + 1 where (0..<width).contains(z) {
                best = max(best, x[(y * width + z) * channels + channel])
              }
            }
            out[((row - first) * columns + column) * stride + channel] = best
          }
        }
      }
    },
    copy: { pixels, channels, source, sourcePixel, sourceGroup, target, targetPixel, targetGroup in
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          let (group, lane) = (channel / 16, channel % 16)
          target[pixel * targetPixel + group * targetGroup + lane] =
            source[pixel * sourcePixel + group * sourceGroup + lane]
        }
      }
    })
}
