import Glibc
import SentryNN

/// The network that finds the points of a body in a region of a picture: MediaPipe's `pose_landmark_full`.
///
/// Its output of a mask (which pixels belong to the body) is not asked for: that is a third of its work.
final class PoseLandmarker {
  struct Finding {
    var pose: Pose
    /// The middle of the hips and a point on the circle around the body, in parts of the picture.
    var alignment: [Keypoint]

    /// Where the body is to be looked for in the next frame of `size`.
    func next(in size: SIMD2<Float>) -> Region {
      .body(around: alignment[0].place * size, reaching: alignment[1].place * size)
    }

    /// The size of the body in pixels of a picture of `size`.
    func reach(in size: SIMD2<Float>) -> Float {
      let way = (alignment[1].place - alignment[0].place) * size
      return 2 * (way * way).sum().squareRoot()
    }
  }

  private static let (landmarks, presence, heatmap, world) = ("Identity", "Identity_1", "Identity_3", "Identity_4")
  /// 33 points of the body, two that say where it is, four of the hands that nobody uses.
  private static let points = 39
  private static let heatmapSide = 64

  private let network: PictureNetwork
  private let refinement: Int
  private let context: ComputeContext

  init(_ path: String, refinement: Int, _ context: ComputeContext) throws {
    (self.refinement, self.context) = (refinement, context)
    network = try PictureNetwork(
      path, side: 256,
      outputs: [
        Self.landmarks: 5 * Self.points, Self.presence: 1, Self.world: 3 * Self.points,
        Self.heatmap: Self.heatmapSide * Self.heatmapSide * Self.points,
      ], context)
  }

  /// nil where the network sees no body in the region.
  func find(_ view: PixelView, _ region: Region, minimumPresence: Float) throws -> Finding? {
    guard region.isUsable else { return nil }
    RegionSampler(side: network.side, edge: .repeated, levels: 0...1)
      .sample(view, region, into: network.input, context.executor)
    try network.run()
    let presence = try network.output(Self.presence)[0]
    guard presence >= minimumPresence else { return nil }
    let raw = try network.output(Self.landmarks)
    let heatmap = Heatmap(
      values: try network.output(Self.heatmap), side: Self.heatmapSide, points: Self.points, reach: refinement)
    let points = (0..<Self.points).map { point(raw, $0, heatmap, region, view) }
    let count = Pose.keypointCount
    let pose = Pose(
      keypoints: Array(points.prefix(count)), world: try world(region, points.prefix(count)), presence: presence,
      region: region)
    return Finding(pose: pose, alignment: Array(points[count..<count + 2]))
  }

  private func point(
    _ raw: UnsafeBufferPointer<Float>, _ number: Int, _ heatmap: Heatmap, _ region: Region, _ view: PixelView
  ) -> Keypoint {
    let (start, side) = (5 * number, Float(network.side))
    let place = SIMD2(raw[start], raw[start + 1]) / side
    let pixel = region.pixel(heatmap.refined(number, near: place) ?? place)
    return Keypoint(
      x: pixel.x / Float(view.width), y: pixel.y / Float(view.height),
      z: raw[start + 2] / side * region.size.x / Float(view.width), visibility: sigmoid(raw[start + 3]))
  }

  /// The region is turned; the world stands upright.
  private func world(_ region: Region, _ points: ArraySlice<Keypoint>) throws -> [Keypoint] {
    let raw = try network.output(Self.world)
    let (c, s) = (cos(region.rotation), sin(region.rotation))
    return points.enumerated().map { number, point in
      let (x, y) = (raw[3 * number], raw[3 * number + 1])
      return Keypoint(
        x: c * x - s * y, y: s * x + c * y, z: raw[3 * number + 2], visibility: point.visibility)
    }
  }

  var implementations: Set<String> { network.implementations }
}

extension Region {
  /// Around a body, from the middle of its hips and a point on the circle around it, straight above where the body stands upright.
  static func body(around hips: SIMD2<Float>, reaching top: SIMD2<Float>) -> Region {
    .square(around: hips, reaching: top, scale: 1.25)
  }
}
