import CSentryKernels

/// The second half of a dense layer in inference: a 3×3 convolution of the bottleneck, whose result is copied into the map.
///
/// Winograd's convolution reads 16 channels of a whole band at a time; the first half then writes each band, with the rows
/// that it shares with its neighbours, in that order.
struct InferenceGrowth {
  /// Smaller maps lose more by filling up Winograd's tiles than they win.
  private static let smallestWinogradSide = 28
  private static let channels = DenseLayer.bottleneckChannels
  private static let growth = DenseLayer.growth
  let isBlocked: Bool
  private let map: FeatureMap
  private let inputChannels: Int
  private let bands: [Band]
  /// Images that pass through the convolution together, if they are whole.
  private let imagesAtOnce: Int
  private let images: Int
  private let convolutions: [PlannedConvolution]
  /// Instead of them, and what it computes: it takes the bottleneck as it is and writes into the map.
  private let winograd: WinogradConvolution?
  private let tiles: WinogradTiles
  /// Where each band's input begins within an image's, in values, where they are blocked.
  private let offsets: [Int]
  private let kernels: sentry_inference_kernels
  private let precision: Precision

  init(_ layer: DenseLayer, _ plan: InferencePlan) throws {
    let map = layer.map
    bands = Band.split(
      height: map.height, outputHeight: map.height, kernel: 3, stride: 1, padding: 1, parts: plan.threads)
    var together = 1
    while bands.count == 1, together * 2 <= plan.images, together * 2 * map.pixelsPerImage <= 392 { together *= 2 }
    var shapes = bands.map { band in
      InferenceShape(
        images: together, inputChannels: Self.channels, height: band.inputs.count, width: map.width,
        outputChannels: Self.growth, kernel: 3, padding: 1, top: band.top, bottom: band.bottom,
        precision: plan.precision)
    }
    tiles = WinogradTiles(images: plan.images, height: map.height, width: map.width)
    winograd = try plan.ownWinograd(layer.conv2, tiles)
    var blocked = false
    if min(map.height, map.width) >= Self.smallestWinogradSide, let winograd = try plan.winograd(shapes) {
      (shapes, blocked) = (winograd, true)
    }
    convolutions = winograd == nil ? try shapes.map { try plan.convolution(layer.conv2, $0) } : []
    var (offsets, end) = ([Int](), 0)
    for band in bands {
      offsets.append(end)
      end += band.inputs.count * map.width * Self.channels
    }
    (self.offsets, isBlocked, imagesAtOnce, images) = (offsets + [end], blocked, together, plan.images)
    (self.map, inputChannels, kernels, precision) = (map, layer.inputChannels, plan.kernels, plan.precision)
  }

  /// Room for the bottleneck as the bands read it.
  var inputFloats: Int { images * (isBlocked ? offsets[bands.count] : map.pixelsPerImage * Self.channels) }

  /// Hands a strip of the bottleneck to the bands that read its rows.
  func scatter(_ strip: UnsafePointer<Float>, _ first: Int, _ count: Int, _ memory: InferenceMemory) {
    let (width, area, end) = (map.width, map.pixelsPerImage, first + count)
    for image in first / area...(end - 1) / area {
      for (index, band) in bands.enumerated() {
        let start = image * area + band.inputs.lowerBound * width
        let pixels = band.inputs.count * width
        let (low, high) = (max(first, start), min(end, start + pixels))
        guard low < high else { continue }
        let target = memory.between.pointer + image * offsets[bands.count] + offsets[index] + (low - start) * 16
        kernels.copy(
          high - low, Self.channels, strip + (low - first) * Self.channels, Self.channels, 16, target, 16, pixels * 16)
      }
    }
  }

  func plan(_ plan: InferencePlan) throws {
    let number = try plan.map(map)
    if let winograd { return planWinograd(winograd, number, plan) }
    plan.add(pieces: images / imagesAtOnce * bands.count) { piece, memory, workspace in
      let (first, index) = (piece / bands.count * imagesAtOnce, piece % bands.count)
      let band = bands[index]
      let pixels = band.outputs.count * map.width
      let result = try workspace.scratch(.output, imagesAtOnce * pixels * Self.growth)
      try workspace.timed(.forward3x3) {
        try convolutions[index].run(input(first, index, memory), into: result, workspace)
      }
      workspace.timed(.forwardElementwise) {
        let pixel = first * map.pixelsPerImage + band.outputs.lowerBound * map.width
        let target = memory.maps[number].pointer + pixel * map.channels + inputChannels
        kernels.copy(
          imagesAtOnce * pixels, Self.growth, result, isBlocked ? 16 : Self.growth, isBlocked ? pixels * 16 : 16,
          target,
          map.channels, 16)
      }
    }
  }

  private func planWinograd(_ winograd: WinogradConvolution, _ number: Int, _ plan: InferencePlan) {
    let pieces = min(plan.threads, tiles.count)
    plan.add(pieces: pieces) { piece, memory, workspace in
      let range = tiles.count * piece / pieces..<tiles.count * (piece + 1) / pieces
      try workspace.timed(.forward3x3) {
        try winograd.forward(
          memory.between.pointer, nil, tiles, only: range, into: memory.maps[number].pointer + inputChannels,
          stride: map.channels, nil, workspace)
      }
    }
  }

  private func input(_ image: Int, _ band: Int, _ memory: InferenceMemory) -> UnsafeMutableRawPointer {
    guard !isBlocked else {
      return UnsafeMutableRawPointer(memory.between.pointer + image * offsets[bands.count] + offsets[band])
    }
    let pixel = image * map.pixelsPerImage + bands[band].inputs.lowerBound * map.width
    return UnsafeMutableRawPointer(memory.between.pointer) + pixel * Self.channels * precision.size
  }
}
