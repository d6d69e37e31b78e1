/// The centres that a single-shot detector's results are relative to: two for each stride of 8, 16 or 32 pixels, over all places of
/// the map of that stride.
///
/// Source: MediaPipe's `SsdAnchorsCalculator` with `fixed_anchor_size` and one aspect ratio. Layers of one stride follow each other
/// and share their places.
enum AnchorGrid {
  static func centres(side: Int, strides: [Int]) -> [SIMD2<Float>] {
    var centres: [SIMD2<Float>] = []
    var layer = 0
    while layer < strides.count {
      let stride = strides[layer]
      let same = strides[layer...].prefix { $0 == stride }.count
      let places = (side + stride - 1) / stride
      for row in 0..<places {
        for column in 0..<places {
          let centre = (SIMD2(Float(column), Float(row)) + 0.5) / Float(places)
          centres += [SIMD2<Float>](repeating: centre, count: 2 * same)
        }
      }
      layer += same
    }
    return centres
  }
}
