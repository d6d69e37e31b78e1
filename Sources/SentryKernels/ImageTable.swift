import CSentryKernels

#if LEVEL_AVX512BF16
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_image_kernels_avx512bf16() -> sentry_image_kernels { imageTable() }
#elseif LEVEL_AVX512
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_image_kernels_avx512() -> sentry_image_kernels { imageTable() }
#else
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_image_kernels_avx2() -> sentry_image_kernels { imageTable() }
#endif

private func imageTable() -> sentry_image_kernels {
  sentry_image_kernels(
    statistics: { imageStatistics($0, $1, $2, $3, $4) },
    norm_activation: { normActivation($0, $1, $2, $3, $4, $5, $6) },
    norm_activation_gradient: { normActivationGradient($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    norm_input_gradient: { imageNormInputGradient($0, $1, $2, $3, $4, $5, $6, $7) },
    sum: { imageSum($0, $1, $2, $3, $4) },
    scale_shift: { imageScaleShift($0, $1, $2, $3, $4, $5) },
    product_sum: { imageProductSum($0, $1, $2, $3, $4) },
    depthwise: { depthwise($0, $1, $2, $3, $4) },
    depthwise_gradient: { depthwiseGradient($0, $1, $2, $3, $4) },
    depthwise_weights: { depthwiseWeights($0, $1, $2, $3, $4) })
}
