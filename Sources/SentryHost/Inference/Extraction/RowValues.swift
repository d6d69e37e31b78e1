import CSentryPlugin
import SentryPluginAPI

/// What one row of a sequence holds.
package protocol RowValues: AnyObject {
  /// Of the values, in order.
  var names: [String] { get }

  /// The values of the next frame that shows an instance.
  /// - Parameter id: of the instance; each has a memory of its own.
  /// - Throws: ``PluginError`` (bad data) if this frame does not tell them.
  func next(_ instance: Instance, id: Int, at time: Double) throws -> [Float]

  /// Forgets all instances but these.
  func keep(_ ids: Set<Int>)
}

extension RowValues {
  /// The row of a sight; nil if this sight does not tell it.
  func row(of instance: Instance, frame: Int, at time: Double) throws -> [Float]? {
    let row: [Float]
    do {
      row = try next(instance, id: instance.key, at: time)
    } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
      return nil
    }
    guard row.allSatisfy(\.isFinite) else {
      throw PluginError("frame \(frame): a value is not finite", hint: "the component that computes them is at fault")
    }
    return row
  }
}

extension KeypointFeatures: RowValues {}

/// x, y, z and visibility of all keypoints. One that was not found keeps its last place (at first 0), with visibility 0.
package final class AllKeypoints: RowValues {
  package let names: [String]
  private var last: [Int: [Instance.Keypoint]] = [:]

  /// - Parameter keypoints: their names.
  package init(_ keypoints: [String]) {
    names = keypoints.flatMap { name in ["x", "y", "z", "visibility"].map { "\(name)_\($0)" } }
  }

  package func next(_ instance: Instance, id: Int, at time: Double) -> [Float] {
    let before = last[id]
    let points = instance.keypoints.enumerated().map { index, point -> Instance.Keypoint in
      guard point.x.isFinite, point.y.isFinite else {
        var old = before?[index] ?? Instance.Keypoint(x: 0, y: 0)
        old.visibility = 0
        return old
      }
      return Instance.Keypoint(
        x: point.x, y: point.y, z: point.z.isFinite ? point.z : 0,
        visibility: point.visibility.isFinite ? point.visibility : 0)
    }
    last[id] = points
    return points.flatMap { [$0.x, $0.y, $0.z, $0.visibility] }
  }

  package func keep(_ ids: Set<Int>) { last = last.filter { ids.contains($0.key) } }
}
