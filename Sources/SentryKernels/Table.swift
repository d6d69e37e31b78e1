import CSentryKernels

#if LEVEL_AVX512
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_kernels_avx512() -> sentry_kernels { table() }
#else
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_kernels_avx2() -> sentry_kernels { table() }
#endif

func table() -> sentry_kernels {
  sentry_kernels(
    norm_relu: { normRelu($0, $1, $2, $3, $4, $5) },
    statistics: { statistics($0, $1, $2, $3, $4) },
    copy_statistics: { copyStatistics($0, $1, $2, $3, $4, $5) },
    norm_input_gradient: { normInputGradient($0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    relu_norm_gradient: { reluNormGradient($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    gradient_sums: { gradientSums($0, $1, $2, $3, $4, $5, $6) },
    norm_relu_pool: { normReluPool($0, $1, $2, $3, $4, $5, $6, $7) },
    norm_relu_pool_gradient: {
      normReluPoolGradient($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    },
    norm_relu_mean: { normReluMean($0, $1, $2, $3, $4, $5, $6) },
    norm_relu_mean_gradient: { normReluMeanGradient($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
    norm_relu_max_pool: { normReluMaxPool($0, $1, $2, $3, $4, $5, $6, $7) },
    max_pool_gradient: { maxPoolGradient($0, $1, $2, $3, $4, $5, $6, $7) },
    add: { add($0, $1, $2) },
    sum_of_squares: { sumOfSquares($0, $1) },
    adamw: { adamw($0, $1, $2, $3, $4, $5) },
    norm_add_relu: { normAddRelu($0, $1, $2, $3, $4, $5, $6) },
    gate: { gate($0, $1, $2, $3) },
    dropout: { dropout($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell: { lstmCell($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell_gradient: { lstmCellGradient($0, $1, $2, $3, $4, $5, $6, $7) },
    layer_norm: { layerNorm($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    layer_norm_gradient: { layerNormGradient($0, $1, $2, $3, $4, $5, $6) })
}
