import CSentryKernels

#if LEVEL_AVX512BF16
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_inference_kernels_avx512bf16(_ bfloat16: CInt) -> sentry_inference_kernels {
    inferenceTable(bfloat16)
  }
#elseif LEVEL_AVX512
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_inference_kernels_avx512(_ bfloat16: CInt) -> sentry_inference_kernels {
    inferenceTable(bfloat16)
  }
#else
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_inference_kernels_avx2(_ bfloat16: CInt) -> sentry_inference_kernels {
    inferenceTable(bfloat16)
  }
#endif

private func inferenceTable(_ bfloat16: CInt) -> sentry_inference_kernels {
  if bfloat16 != 0 {
    return sentry_inference_kernels(
      norm_relu: { normReluDense(BFloat16.self, $0, $1, $2, $3, $4, $5, $6) },
      norm_relu_pool: { normReluPoolDense(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7) },
      norm_relu_mean: { normReluMeanDense($0, $1, $2, $3, $4, $5, $6) },
      max_pool: { maxPool($0, $1, $2, $3, $4, $5, $6, $7) }, copy: { copyGroups($0, $1, $2, $3, $4, $5, $6, $7) })
  }
  return sentry_inference_kernels(
    norm_relu: { normReluDense(Single.self, $0, $1, $2, $3, $4, $5, $6) },
    norm_relu_pool: { normReluPoolDense(Single.self, $0, $1, $2, $3, $4, $5, $6, $7) },
    norm_relu_mean: { normReluMeanDense($0, $1, $2, $3, $4, $5, $6) },
    max_pool: { maxPool($0, $1, $2, $3, $4, $5, $6, $7) }, copy: { copyGroups($0, $1, $2, $3, $4, $5, $6, $7) })
}

@inline(__always) private func normReluDense<A: Element>(
  _: A.Type, _ pixels: Int, _ channels: Int, _ x: Source, _ stride: Int, _ scale: Source, _ shift: Source,
  _ out: Stored
) {
  var pixel = 0
  // Four pixels at a time share the loads of scale and shift.
  while pixel + 4 <= pixels {
    var (source, target, channel) = (x + pixel * stride, pixel * channels, 0)
    while channel < channels {
      let (s, h) = (load(scale + channel), load(shift + channel))
      A.store(relu(fused(load(source), s, h)), out, target)
      A.store(relu(fused(load(source + stride), s, h)), out, target + channels)
      A.store(relu(fused(load(source + 2 * stride), s, h)), out, target + 2 * channels)
      A.store(relu(fused(load(source + 3 * stride), s, h)), out, target + 3 * channels)
      source += 16
      target += 16
      channel += 16
    }
    pixel += 4
  }
  while pixel < pixels {
    var channel = 0
    while channel < channels {
      let value = fused(load(x + pixel * stride + channel), load(scale + channel), load(shift + channel))
      A.store(relu(value), out, pixel * channels + channel)
      channel += 16
    }
    pixel += 1
  }
}

@inline(__always) private func normReluPoolDense<A: Element>(
  _: A.Type, _ outputs: Int, _ channels: Int, _ top: Source, _ bottom: Source, _ stride: Int, _ scale: Source,
  _ shift: Source, _ out: Stored
) {
  var output = 0
  while output < outputs {
    let (upper, lower) = (top + output * 2 * stride, bottom + output * 2 * stride)
    var channel = 0
    while channel < channels {
      let (s, h) = (load(scale + channel), load(shift + channel))
      let left = relu(fused(load(upper + channel), s, h)) + relu(fused(load(lower + channel), s, h))
      let right =
        relu(fused(load(upper + stride + channel), s, h)) + relu(fused(load(lower + stride + channel), s, h))
      A.store((left + right) * 0.25, out, output * channels + channel)
      channel += 16
    }
    output += 1
  }
}

private func normReluMeanDense(
  _ pixels: Int, _ channels: Int, _ x: Source, _ stride: Int, _ scale: Source, _ shift: Source, _ out: Target
) {
  let weight = 1 / Float(pixels)
  var channel = 0
  while channel < channels {
    let (s, h) = (load(scale + channel), load(shift + channel))
    var total = Lanes(repeating: 0)
    var (source, pixel) = (x + channel, 0)
    while pixel < pixels {
      total += relu(fused(load(source), s, h))
      source += stride
      pixel += 1
    }
    store(total * weight, out + channel)
    channel += 16
  }
}

private func maxPool(
  _ height: Int, _ width: Int, _ channels: Int, _ first: Int, _ last: Int, _ x: Source, _ out: Target, _ stride: Int
) {
  let columns = (width - 1) / 2 + 1
  var (row, target) = (first, out)
  while row < last {
    let (top, bottom) = (row > 0 ? 2 * row - 1 : 0, smaller(2 * row + 2, height))
    var column = 0
    while column < columns {
      let (left, right) = (column > 0 ? 2 * column - 1 : 0, smaller(2 * column + 2, width))
      var channel = 0
      while channel < channels {
        var best = Lanes(repeating: 0)
        var y = top
        while y < bottom {
          var z = left
          while z < right {
            let value = load(x + (y * width + z) * channels + channel)
            best = best.replacing(with: value, where: exceeds(value, best))
            z += 1
          }
          y += 1
        }
        store(best, target + channel)
        channel += 16
      }
      target += stride
      column += 1
    }
    row += 1
  }
}

private func copyGroups(
  _ pixels: Int, _ channels: Int, _ source: Source, _ sourcePixel: Int, _ sourceGroup: Int, _ target: Target,
  _ targetPixel: Int, _ targetGroup: Int
) {
  let groups = channels / 16
  var pixel = 0
  while pixel < pixels {
    var (from, to, group) = (source + pixel * sourcePixel, target + pixel * targetPixel, 0)
    while group < groups {
      store(load(from), to)
      from += sourceGroup
      to += targetGroup
      group += 1
    }
    pixel += 1
  }
}
