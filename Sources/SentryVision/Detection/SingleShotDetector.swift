import Glibc
import SentryNN
import SentryThreads

/// A detector of one kind of thing that looks at the whole picture once: for each anchor a score, a box and some keypoints.
final class SingleShotDetector {
  struct Description {
    /// Of the picture that it looks at.
    let side: Int
    let strides: [Int]
    let keypoints: Int
    /// Names of the network's outputs.
    let boxes, scores: String
    /// Detections that overlap by more are of one thing.
    let overlap: Float
  }

  private let description: Description
  private let network: PictureNetwork
  private let anchors: [SIMD2<Float>]
  private let context: ComputeContext

  /// - Throws: ``FormatError`` for a file that is no such model, or ``NNError``.
  init(_ path: String, _ description: Description, _ context: ComputeContext) throws {
    (self.description, self.context) = (description, context)
    anchors = AnchorGrid.centres(side: description.side, strides: description.strides)
    network = try PictureNetwork(
      path, side: description.side,
      outputs: [
        description.boxes: anchors.count * (4 + 2 * description.keypoints), description.scores: anchors.count,
      ], context)
  }

  /// What is in a picture, the surest first.
  func detect(_ view: PixelView, minimumScore: Float) throws -> [Detection] {
    let region = Region.square(around: view)
    RegionSampler(side: description.side, edge: .black, levels: -1...1)
      .sample(view, region, into: network.input, context.executor)
    try network.run()
    let found = try candidates(minimumScore)
    return WeightedSuppression(overlap: description.overlap)(found).map { $0.moved(from: region, to: view.size) }
  }

  /// In parts of the square that the network has seen.
  private func candidates(_ minimumScore: Float) throws -> [Detection] {
    let (boxes, scores) = (try network.output(description.boxes), try network.output(description.scores))
    let (side, values) = (Float(description.side), 4 + 2 * description.keypoints)
    return anchors.indices.compactMap { anchor in
      // The clipping is MediaPipe's `score_clipping_thresh`.
      let score = 1 / (1 + exp(-max(-100, min(100, scores[anchor]))))
      guard score >= minimumScore else { return nil }
      let (start, centre) = (anchor * values, anchors[anchor])
      func point(_ offset: Int) -> SIMD2<Float> {
        SIMD2(boxes[start + offset], boxes[start + offset + 1]) / side + centre
      }
      let (middle, size) = (point(0), SIMD2(boxes[start + 2], boxes[start + 3]) / side)
      return Detection(
        score: score,
        box: Box(x: middle.x - size.x / 2, y: middle.y - size.y / 2, width: size.x, height: size.y),
        keypoints: (0..<description.keypoints).map {
          let place = point(4 + 2 * $0)
          return Keypoint(x: place.x, y: place.y)
        })
    }
  }

  var implementations: Set<String> { network.implementations }
}

extension Detection {
  /// From parts of an upright region to parts of the picture that it was cut from.
  fileprivate func moved(from region: Region, to size: SIMD2<Float>) -> Detection {
    let (origin, scale) = ((region.centre - region.size / 2) / size, region.size / size)
    var moved = self
    (moved.box.x, moved.box.y) = (origin.x + box.x * scale.x, origin.y + box.y * scale.y)
    (moved.box.width, moved.box.height) = (box.width * scale.x, box.height * scale.y)
    for index in keypoints.indices {
      moved.keypoints[index].x = origin.x + keypoints[index].x * scale.x
      moved.keypoints[index].y = origin.y + keypoints[index].y * scale.y
    }
    return moved
  }
}
