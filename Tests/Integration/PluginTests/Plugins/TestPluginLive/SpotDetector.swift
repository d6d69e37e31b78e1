import SentryPluginAPI

/// Finds one instance: the upright rectangle around all pixels that are bright in all three colours.
struct SpotDetector: Detector {
  let specification = DetectorSpecification(instances: "spot", keypoints: ["left", "right"], edges: [[0, 1]])

  func detect(in image: Tensor) throws -> [Instance] {
    let (height, width) = (image.shape[0], image.shape[1])
    let pixels = try image.elements(as: UInt8.self)
    var (columns, rows): (ClosedRange<Int>?, ClosedRange<Int>?)
    for row in 0..<height {
      for column in 0..<width where (0..<3).allSatisfy({ pixels[(row * width + column) * 3 + $0] > 180 }) {
        columns = min(columns?.lowerBound ?? column, column)...max(columns?.upperBound ?? column, column)
        rows = min(rows?.lowerBound ?? row, row)...max(rows?.upperBound ?? row, row)
      }
    }
    guard let columns, let rows else { return [] }
    func part(_ place: Int, of extent: Int) -> Float { Float(place) / Float(extent) }
    let middle = part(rows.lowerBound + rows.count / 2, of: height)
    return [
      Instance(
        box: .init(
          x: part(columns.lowerBound, of: width), y: part(rows.lowerBound, of: height),
          width: part(columns.count, of: width), height: part(rows.count, of: height)), score: 1, id: 1,
        keypoints: [columns.lowerBound, columns.upperBound + 1].map { .init(x: part($0, of: width), y: middle) })
    ]
  }
}
