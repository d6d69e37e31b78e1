import SentryPluginAPI

/// A decoded frame of a source, and who was found in it.
package struct Observation: Sendable {
  /// The number of the frame in its source.
  package var index: Int
  /// Seconds by the clock of the source.
  package var time: Double
  package var instances: [Instance]
  /// Passed over by ``FrameSampler``: nobody was looked for.
  package var isSkipped: Bool

  package init(index: Int, time: Double, instances: [Instance] = [], isSkipped: Bool = false) {
    (self.index, self.time, self.instances, self.isSkipped) = (index, time, instances, isSkipped)
  }
}

extension Instance {
  /// The key of an instance among those that are followed; all that are not tracked share one.
  var key: Int { id ?? -1 }
  var area: Float { box.width * box.height }
}
