extension FinalPooling: InferenceLayer {
  /// BN, ReLU and the mean over each image.
  func plan(_ plan: InferencePlan) throws {
    let (area, channels, kernels) = (input.pixelsPerImage, input.channels, plan.kernels)
    let norm = try plan.norm(norm, input.statistics)
    let map = try plan.map(input)
    plan.add(pieces: plan.images) { image, memory, workspace in
      workspace.timed(.head) {
        kernels.norm_relu_mean(
          area, channels, memory.maps[map].pointer + image * area * channels, channels, norm.scale, norm.shift,
          memory.output + image * channels)
      }
    }
  }
}
