import ArgumentParser
import Foundation
import SentryImaging
import SentryThreads
import SentryVision

/// Faces and poses alone, timed: milliseconds a frame, of the clock.
///
/// `PoseBench MODELS PICTURE --threads 1 --threads 2` with the folder of MediaPipe's model files. The picture, which shows a person,
/// is every frame: what the networks compute does not depend on it.
@main struct PoseBench: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Times the detection of faces and poses.")

  @Argument(help: "Folder of MediaPipe's model files.") var models: String
  @Argument(help: "A picture of a person.") var picture: String
  @Option(help: "Compute threads; may be repeated.") var threads: [Int] = [1, 2]
  @Option(help: "Frames in a round.") var frames = 20
  @Option(help: "Rounds; the median one counts.") var rounds = 5

  func run() throws {
    let image = try Image.load(path: picture)
    guard image.channels == 3 else { throw ValidationError("\(picture) is grey; give a picture in colours") }
    try image.pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      let view = try PixelView(base, width: image.width, height: image.height)
      for count in threads { try measure(view, ThreadPool(threadCount: count)) }
    }
  }

  private func measure(_ view: PixelView, _ executor: ThreadPool) throws {
    let clock = ContinuousClock()
    var row: [String: Double] = [:]
    let begin = clock.now
    let estimator = try PoseEstimator(
      detector: "\(models)/pose_detection.tflite", landmarks: "\(models)/pose_landmark_full.tflite", executor: executor)
    guard try estimator.poses(in: view).first != nil else { throw ValidationError("\(picture) shows nobody") }
    row["start"] = milliseconds(clock.now - begin)
    let faces = try FaceDetector(model: "\(models)/face_detection_short_range.tflite", executor: executor)
    var tracker = PoseTracker(estimator)
    var time = Duration.zero
    row["track"] = try median(clock) {
      time += .milliseconds(33)
      _ = try tracker.next(view, at: time)
    }
    row["detect"] = try median(clock) { _ = try estimator.poses(in: view) }
    row["face"] = try median(clock) { _ = try faces.faces(in: view) }
    let text = row.sorted { $0.key < $1.key }.map { "\"\($0.key)_ms\": \(String(format: "%.2f", $0.value))" }
    print("{\"threads\": \(executor.threadCount), \(text.joined(separator: ", "))}")
    print("# \(estimator.implementations.union(faces.implementations).sorted().joined(separator: " "))")
  }

  /// Milliseconds of a frame.
  private func median(_ clock: ContinuousClock, _ frame: () throws -> Void) throws -> Double {
    for _ in 0..<3 { try frame() }
    let times = try (0..<rounds).map { _ in
      let begin = clock.now
      for _ in 0..<frames { try frame() }
      return milliseconds(clock.now - begin) / Double(frames)
    }
    return times.sorted()[times.count / 2]
  }

  private func milliseconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
  }
}
