/// Points over time, each coordinate through a filter of its own.
struct KeypointSmoothing {
  private var filters: [OneEuroFilter]

  init(_ parameters: OneEuroFilter.Parameters, count: Int) {
    filters = [OneEuroFilter](repeating: OneEuroFilter(parameters), count: 3 * count)
  }

  /// - Parameters:
  ///   - unit: what the filters see for 1 of each coordinate.
  ///   - scale: see ``OneEuroFilter/next(_:scale:at:)``.
  ///   - now: in seconds.
  mutating func smooth(_ points: inout [Keypoint], unit: SIMD3<Float>, scale: Double, at now: Double) {
    for index in points.indices {
      func next(_ value: Float, _ axis: Int) -> Float {
        Float(filters[3 * index + axis].next(Double(value * unit[axis]), scale: scale, at: now)) / unit[axis]
      }
      let point = points[index]
      (points[index].x, points[index].y, points[index].z) = (next(point.x, 0), next(point.y, 1), next(point.z, 2))
    }
  }
}
