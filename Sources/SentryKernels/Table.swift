import CSentryKernels

#if LEVEL_AVX512BF16
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_kernels_avx512bf16(_ bfloat16: CInt) -> sentry_kernels { table(bfloat16) }
#elseif LEVEL_AVX512
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_kernels_avx512(_ bfloat16: CInt) -> sentry_kernels { table(bfloat16) }
#else
  // swift-format-ignore: AlwaysUseLowerCamelCase
  @c @implementation public func sentry_kernels_avx2(_ bfloat16: CInt) -> sentry_kernels { table(bfloat16) }
#endif

func table(_ bfloat16: CInt) -> sentry_kernels { bfloat16 != 0 ? bfloat16Table() : singleTable() }

// Twice the same list: a C function pointer cannot be made of a closure in a generic function.

private func singleTable() -> sentry_kernels {
  sentry_kernels(
    norm_relu: { normRelu(Single.self, $0, $1, $2, $3, $4, $5) },
    statistics: { statistics(Single.self, $0, $1, $2, $3, $4) },
    copy_statistics: { copyStatistics(Single.self, $0, $1, $2, $3, $4, $5) },
    norm_input_gradient: { normInputGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    relu_norm_gradient: { reluNormGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    norm_relu_gradient: { normReluGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
    norm_relu_pool: { normReluPool(Single.self, $0, $1, $2, $3, $4, $5, $6, $7) },
    norm_relu_pool_gradient: {
      normReluPoolGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    },
    norm_relu_mean: { normReluMean(Single.self, $0, $1, $2, $3, $4, $5, $6) },
    norm_relu_mean_gradient: {
      normReluMeanGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    },
    norm_relu_max_pool: { normReluMaxPool(Single.self, $0, $1, $2, $3, $4, $5, $6, $7) },
    max_pool_gradient_sums: { maxPoolGradientSums(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8) },
    max_pool_gradient: { maxPoolGradient(Single.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    convert: { convert(Single.self, $0, $1, $2) },
    add: { add($0, $1, $2) },
    sum_of_squares: { sumOfSquares($0, $1) },
    update: { update($0) },
    norm_add_relu: { normAddRelu($0, $1, $2, $3, $4, $5, $6) },
    relu_backward: { reluBackward($0, $1, $2, $3) },
    dropout: { dropout($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell: { lstmCell($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell_gradient: { lstmCellGradient($0, $1, $2, $3, $4, $5, $6, $7) },
    layer_norm: { layerNorm($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    layer_norm_gradient: { layerNormGradient($0, $1, $2, $3, $4, $5, $6, $7, $8) })
}

private func bfloat16Table() -> sentry_kernels {
  sentry_kernels(
    norm_relu: { normRelu(BFloat16.self, $0, $1, $2, $3, $4, $5) },
    statistics: { statistics(BFloat16.self, $0, $1, $2, $3, $4) },
    copy_statistics: { copyStatistics(BFloat16.self, $0, $1, $2, $3, $4, $5) },
    norm_input_gradient: { normInputGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9) },
    relu_norm_gradient: { reluNormGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    norm_relu_gradient: { normReluGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) },
    norm_relu_pool: { normReluPool(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7) },
    norm_relu_pool_gradient: {
      normReluPoolGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    },
    norm_relu_mean: { normReluMean(BFloat16.self, $0, $1, $2, $3, $4, $5, $6) },
    norm_relu_mean_gradient: {
      normReluMeanGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    },
    norm_relu_max_pool: { normReluMaxPool(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7) },
    max_pool_gradient_sums: { maxPoolGradientSums(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8) },
    max_pool_gradient: { maxPoolGradient(BFloat16.self, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) },
    convert: { convert(BFloat16.self, $0, $1, $2) },
    add: { add($0, $1, $2) },
    sum_of_squares: { sumOfSquares($0, $1) },
    update: { update($0) },
    norm_add_relu: { normAddRelu($0, $1, $2, $3, $4, $5, $6) },
    relu_backward: { reluBackward($0, $1, $2, $3) },
    dropout: { dropout($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell: { lstmCell($0, $1, $2, $3, $4, $5, $6) },
    lstm_cell_gradient: { lstmCellGradient($0, $1, $2, $3, $4, $5, $6, $7) },
    layer_norm: { layerNorm($0, $1, $2, $3, $4, $5, $6, $7, $8) },
    layer_norm_gradient: { layerNormGradient($0, $1, $2, $3, $4, $5, $6, $7, $8) })
}
