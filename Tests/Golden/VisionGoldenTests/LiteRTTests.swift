import Foundation
import SentryFormats
import SentryNN
import SentryTestSupport
import SentryThreads
import Testing

@testable import SentryVision

/// Whole networks against LiteRT's reference operators (Fixtures/make_litert.py).
@Suite struct LiteRTTests {
  private static func golden() throws -> [String: [String: [Float]]] {
    try JSONDecoder().decode(
      [String: [String: [Float]]].self, from: Data(contentsOf: URL(filePath: Fixture.path("litert.json"))))
  }

  @Test(arguments: ["every", "blocks"]) func smallModels(name: String) throws {
    for threads in [1, 2] {
      try compare(name, Fixture.path("../../../Fuzz/Corpus/tflite/\(name)"), threads: threads, within: 1e-5)
    }
  }

  @Test(
    .enabled(if: SharedData.expects("mediapipe"), "shared/data/mediapipe is absent"),
    arguments: ["pose_landmark_full", "pose_detection", "face_detection_short_range", "face_landmark"], [1, 2])
  func realModels(name: String, threads: Int) throws {
    let path = SharedData.path("mediapipe/\(name).tflite")
    // A hundred layers deep, and noise is no picture.
    let limit: Float = name == "pose_landmark_full" ? 3e-4 : 2e-5
    let implementations = try compare("\(name).tflite", path, threads: threads, within: limit)
    // A shape that oneDNN has no code for would be computed by its plain loops, a hundred times slower.
    #expect(implementations.allSatisfy { !$0.hasPrefix("ref") && !$0.contains("gemm") }, "\(implementations)")
  }

  @discardableResult
  private func compare(_ name: String, _ path: String, threads: Int, within limit: Float) throws -> Set<String> {
    let golden = try #require(try Self.golden()[name])
    let context = try ComputeContext(executor: ThreadPool(threadCount: threads), maximumChannels: 1)
    let graph = try InferenceGraph(
      GraphDefinition(TFLiteModel.read(path)), outputs: Array(golden.keys), context: context)
    for index in graph.input.indices {
      // As the script's noise.
      graph.input[index] = Float(Double((index * 1_103_515_245 + 12_345) % (1 << 31)) / Double(1 << 30) - 1)
    }
    try graph.run()
    for (output, expected) in golden {
      let values = try graph.output(output)
      let step = max(1, values.count / 64)
      let scale = expected.reduce(1) { max($0, abs($1)) }
      let sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
      try #require(sample.count == expected.count)
      let worst = zip(sample, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= limit * scale, "\(output) of \(name) is \(worst) away, of \(scale)")
    }
    return graph.implementations
  }
}
