public import SentryPluginAPI
public import SentryVision

extension Instance.Box {
  public init(_ box: Box) { self.init(x: box.x, y: box.y, width: box.width, height: box.height) }
}

extension Instance.Keypoint {
  public init(_ point: Keypoint) { self.init(x: point.x, y: point.y, z: point.z, visibility: point.visibility) }
}
