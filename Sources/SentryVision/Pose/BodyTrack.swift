/// One body that is followed: where it was in a frame says where to look in the next one.
struct BodyTrack {
  /// nil until it has been seen once.
  var id: Int?
  private(set) var region: Region
  /// Of the last frame; nil before the first one.
  private(set) var last: Pose?
  private var smoothing = PoseSmoothing()

  init(region: Region) { self.region = region }

  /// The body in the next frame; nil where it is lost.
  mutating func next(_ view: PixelView, at time: Duration, _ finder: any BodyFinder, smooths: Bool) throws -> Pose? {
    guard let found = try finder.find(view, region) else { return nil }
    let smoothed = smoothing.smoothed(found, smoothsPose: smooths, view.size, at: time)
    region = smoothed.next(in: view.size)
    last = smoothed.pose
    return smoothed.pose
  }
}

extension Region {
  /// How far the middles of two bodies are apart, as a part of their mean size; infinite where one is much larger: these are
  /// different bodies, one before the other.
  func distance(to other: Region) -> Float {
    let (mine, others) = (size.max(), other.size.max())
    guard max(mine, others) < 2 * min(mine, others) else { return .infinity }
    let way = other.centre - centre
    return (way * way).sum().squareRoot() / ((mine + others) / 2)
  }
}
