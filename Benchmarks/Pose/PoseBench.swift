import ArgumentParser
import BenchWorker
import Foundation
import SentryThreads
import SentryVision

/// The detection of faces and poses, timed. A pass goes over all frames, forwards and then back, so that a tracked body never jumps.
@main struct PoseBench: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Times the detection of faces and poses.")

  enum Subject: String, ExpressibleByArgument {
    /// A pose from frame to frame; a pose in each frame by itself; faces.
    case track, detect, face
  }

  @Argument(help: "track, detect or face.") var subject: Subject
  @Option(help: "Folder of MediaPipe's model files.") var models: String
  @Option(help: "A file of RGB frames, 8 bits a channel, one behind the other.") var frames: String
  @Option(help: "Of a frame.") var width: Int
  @Option(help: "Of a frame.") var height: Int
  @Option(help: "Compute threads.") var threads = 1
  @Option(help: "Passes in a round.") var passes = 1
  @Option(help: "Rounds; else one for each line of standard input.") var rounds: Int?

  func run() throws {
    let pixels = try Data(contentsOf: URL(filePath: frames))
    let size = 3 * width * height
    guard size > 0, pixels.count >= size, pixels.count % size == 0 else {
      throw ValidationError("\(frames) does not consist of \(width)×\(height) frames")
    }
    try pixels.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws -> Void in
      guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
      let all = try (0..<pixels.count / size).map { try PixelView(base + $0 * size, width: width, height: height) }
      try serve(all + all.reversed(), ThreadPool(threadCount: threads))
    }
  }

  private func serve(_ frames: [PixelView], _ executor: ThreadPool) throws {
    let begin = ContinuousClock.now
    let work = try work(executor)
    guard try work.find(frames[0]) > 0 else { throw ValidationError("\(self.frames) shows nobody in its first frame") }
    let start = (ContinuousClock.now - begin) / .milliseconds(1)
    for frame in frames { _ = try work.find(frame) }
    let names = work.implementations().sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    _ = try Worker(items: frames.count, passes: passes, rounds: rounds)
      .serve(telling: "{\"start_ms\": \(start), \"implementations\": [\(names)]}") {
        for frame in frames { _ = try work.find(frame) }
      }
  }

  private struct Work {
    let find: (PixelView) throws -> Int
    let implementations: () -> Set<String>
  }

  private func work(_ executor: ThreadPool) throws -> Work {
    if subject == .face {
      let detector = try FaceDetector(model: "\(models)/face_detection_short_range.tflite", executor: executor)
      return Work(find: { try detector.faces(in: $0).count }, implementations: { detector.implementations })
    }
    let estimator = try PoseEstimator(
      detector: "\(models)/pose_detection.tflite", landmarks: "\(models)/pose_landmark_full.tflite", executor: executor)
    var (tracker, time) = (PoseTracker(estimator), Duration.zero)
    let find: (PixelView) throws -> Int =
      subject == .detect
      ? { try estimator.poses(in: $0).count }
      : {
        time += .microseconds(33_333)
        return try tracker.next($0, at: time).count
      }
    return Work(find: find, implementations: { estimator.implementations })
  }
}
