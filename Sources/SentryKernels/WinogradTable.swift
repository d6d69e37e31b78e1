import CSentryKernels

#if LEVEL_AVX512BF16
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_winograd_avx512bf16() -> sentry_winograd { winogradTable() }
#elseif LEVEL_AVX512
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_winograd_avx512() -> sentry_winograd { winogradTable() }
#else
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_winograd_avx2() -> sentry_winograd { winogradTable() }
#endif

private func winogradTable() -> sentry_winograd {
  sentry_winograd(
    input: { winogradInput($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    output: { winogradOutput($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    output_norm_gradient: { winogradOutputNorm($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) },
    output_gradient: { winogradOutputGradient($0, $1, $2, $3, $4, $5, $6) },
    product: { product($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
    weights: { winogradWeights($0, $1, $2, $3, $4) },
    weights_gradient: { winogradWeightsGradient($0, $1, $2, $3, $4, $5) },
    line_input: { winogradLineInput($0, $1, $2, $3, $4, $5) },
    line_output: { winogradLineOutput($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    line_output_gradient: { winogradLineOutputGradient($0, $1, $2, $3, $4, $5) },
    line_weights: { winogradLineWeights($0, $1, $2, $3, $4) },
    line_weights_gradient: { winogradLineWeightsGradient($0, $1, $2, $3, $4, $5) })
}
