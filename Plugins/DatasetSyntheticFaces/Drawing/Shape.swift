/// A region of the plane, told by its signed distance: negative inside, about one unit a unit outside.
protocol Shape {
  func distance(to point: SIMD2<Float>) -> Float
  /// A disc around the whole region, by which far pixels are skipped.
  var reach: (centre: SIMD2<Float>, radius: Float) { get }
}

/// An ellipse with upright axes.
struct Ellipse: Shape {
  var centre: SIMD2<Float>
  var radii: SIMD2<Float>

  // First-order distance to the implicit curve: exact on it, which is all that anti-aliasing needs.
  func distance(to point: SIMD2<Float>) -> Float {
    let offset = point - centre
    let scaled = offset / radii
    let gradient = scaled / radii
    let length = (scaled * scaled).sum().squareRoot()
    let slope = (gradient * gradient).sum().squareRoot()
    return slope > 0 ? length * (length - 1) / slope : -radii.min()
  }

  var reach: (centre: SIMD2<Float>, radius: Float) { (centre, radii.max()) }
}

/// The outline of another shape, drawn with a pen.
struct Outline<Body: Shape>: Shape {
  var body: Body
  var thickness: Float
  func distance(to point: SIMD2<Float>) -> Float { abs(body.distance(to: point)) - thickness / 2 }
  var reach: (centre: SIMD2<Float>, radius: Float) { (body.reach.centre, body.reach.radius + thickness) }
}

/// What two shapes have in common.
struct Intersection<First: Shape, Second: Shape>: Shape {
  var first: First
  var second: Second
  func distance(to point: SIMD2<Float>) -> Float { max(first.distance(to: point), second.distance(to: point)) }
  var reach: (centre: SIMD2<Float>, radius: Float) { first.reach }
}

/// Everything on one side of a line: where `normal · point` is below `offset`. The normal has length one.
struct HalfPlane: Shape {
  var normal: SIMD2<Float>
  var offset: Float
  func distance(to point: SIMD2<Float>) -> Float { (normal * point).sum() - offset }
  var reach: (centre: SIMD2<Float>, radius: Float) { (.zero, .greatestFiniteMagnitude) }
}

/// A pen stroke along a parabola that starts at `start`, ends at `end` and passes `sag` beside the middle of the two
/// (towards +y of a stroke from left to right).
struct Stroke: Shape {
  private let points: [SIMD2<Float>]
  private let thickness: Float
  let reach: (centre: SIMD2<Float>, radius: Float)

  init(from start: SIMD2<Float>, to end: SIMD2<Float>, sag: Float, thickness: Float) {
    let segments = sag == 0 ? 1 : 8
    let along = end - start
    let length = (along * along).sum().squareRoot()
    let across = SIMD2(-along.y, along.x) / max(length, 1e-6)
    points = (0...segments).map { step in
      let t = Float(step) / Float(segments)
      return start + along * t + across * (4 * sag * t * (1 - t))
    }
    self.thickness = thickness
    reach = ((start + end) / 2, length / 2 + abs(sag) + thickness)
  }

  func distance(to point: SIMD2<Float>) -> Float {
    var nearest = Float.greatestFiniteMagnitude
    for index in 1..<points.count {
      let along = points[index] - points[index - 1]
      let offset = point - points[index - 1]
      let t = min(max((offset * along).sum() / max((along * along).sum(), 1e-12), 0), 1)
      let gap = offset - along * t
      nearest = min(nearest, (gap * gap).sum())
    }
    return nearest.squareRoot() - thickness / 2
  }
}
