import CSentryKernels

// On the calling thread alone, but for `gather`.

extension WinogradConvolution {
  /// The outputs of some tiles, `stride` floats from pixel to pixel, and their sums.
  func forward(
    _ source: UnsafePointer<Float>, _ norm: Norm?, _ tiles: WinogradTiles, only range: Range<Int>,
    into destination: UnsafeMutablePointer<Float>, stride: Int, _ sums: Sums?, _ workspace: Workspace
  ) throws {
    let scratch = try Scratch(self, workspace)
    for part in WinogradTiles.parts(of: range) {
      let (first, count) = (part.lowerBound, part.count)
      let (plane, results) = (WinogradTiles.plane(count, inputs), WinogradTiles.plane(count, outputs))
      kernels.input(
        tiles.view(inputs, stride: inputs), first, count, source, norm?.scale, norm?.shift, scratch.transform,
        scratch.inputs, plane)
      for point in 0..<WinogradPoint.count {
        kernels.product(
          count, outputs, inputs, scratch.inputs + point * plane, inputs, 1,
          forwardPoints.pointer + point * planeOfWeights, outputs, 16, scratch.outputs + point * results, outputs, 0)
      }
      kernels.output(
        tiles.view(outputs, stride: stride), first, count, scratch.outputs, results, scratch.transform, destination,
        sums?.first, sums?.second)
    }
  }

  /// The gradient of the input `source` before its norm, dense.
  func backwardData(
    _ gradient: UnsafePointer<Float>, _ tiles: WinogradTiles, through back: NormGradient,
    _ source: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ workspace: Workspace
  ) throws {
    let scratch = try Scratch(self, workspace)
    for part in WinogradTiles.parts(of: 0..<tiles.count) {
      let (first, count) = (part.lowerBound, part.count)
      let (plane, results) = (WinogradTiles.plane(count, inputs), WinogradTiles.plane(count, outputs))
      kernels.input(
        tiles.view(outputs, stride: outputs), first, count, gradient, nil, nil, scratch.transform, scratch.outputs,
        results)
      for point in 0..<WinogradPoint.count {
        kernels.product(
          count, inputs, outputs, scratch.outputs + point * results, outputs, 1,
          turnedPoints.pointer + point * planeOfWeights, inputs, 16, scratch.inputs + point * plane, inputs, 0)
      }
      kernels.output_norm_gradient(
        tiles.view(inputs, stride: inputs), first, count, scratch.inputs, plane, scratch.transform, source,
        back.norm.scale, back.norm.shift, back.mean, back.factor, result, back.sums.first, back.sums.second)
    }
  }

  /// Adds the gradient of the weights at their points to the thread's sum, which is one for all layers: see
  /// ``gather(into:_:)``.
  func backwardWeights(
    _ source: UnsafePointer<Float>, _ norm: Norm?, _ gradient: UnsafePointer<Float>, _ tiles: WinogradTiles,
    _ workspace: Workspace
  ) throws {
    let scratch = try Scratch(self, workspace)
    let sum = try workspace.scratch(.weightGradient, WinogradPoint.count * planeOfWeights)
    for part in WinogradTiles.parts(of: 0..<tiles.count) {
      let (first, count) = (part.lowerBound, part.count)
      let (plane, results) = (WinogradTiles.plane(count, inputs), WinogradTiles.plane(count, outputs))
      kernels.input(
        tiles.view(inputs, stride: inputs), first, count, source, norm?.scale, norm?.shift, scratch.transform,
        scratch.inputs, plane)
      kernels.output_gradient(
        tiles.view(outputs, stride: outputs), first, count, gradient, scratch.transform, scratch.outputs, results)
      for point in 0..<WinogradPoint.count {
        kernels.product(
          inputs, outputs, count, scratch.inputs + point * plane, 1, inputs, scratch.outputs + point * results, outputs,
          16, sum + point * planeOfWeights, outputs, workspace.hasWinogradSum ? 1 : 0)
      }
      workspace.hasWinogradSum = true
    }
  }

  /// Adds the threads' sums to the gradient of the weights and forgets them. By all threads together, while the sums are in cache.
  func gather(into gradient: UnsafeMutablePointer<Float>, _ context: ComputeContext) throws {
    let workspaces = context.workspaces.filter(\.hasWinogradSum)
    guard !workspaces.isEmpty else { return }
    let sums = try workspaces.map { try $0.scratch(.weightGradient, WinogradPoint.count * planeOfWeights) }
    let length = 16
    try context.run(inputs / length) { index, workspace in
      workspace.timed(.weightGradientSum) {
        for other in sums.dropFirst() {
          for point in 0..<WinogradPoint.count {
            let offset = point * planeOfWeights + index * length * outputs
            plain.add(length * outputs, other + offset, sums[0] + offset)
          }
        }
        kernels.weights_gradient(inputs, outputs, index * length, length, sums[0], gradient)
      }
    }
    for workspace in workspaces { workspace.hasWinogradSum = false }
  }
}
