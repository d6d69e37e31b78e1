/// How live models judge.
package struct LiveOptions: Sendable {
  /// Whether pictures are turned by the two keypoints that the checkpoint names.
  package var aligned = false
  /// Models of pictures judge every how many frames; an instance that is tracked keeps its answers between.
  package var stride = 1
  /// Probabilities are averaged over time with this constant (exponentially), in seconds; 0: not at all.
  package var smoothing = 0.0

  package init(aligned: Bool = false, stride: Int = 1, smoothing: Double = 0) {
    (self.aligned, self.stride, self.smoothing) = (aligned, stride, smoothing)
  }
}
