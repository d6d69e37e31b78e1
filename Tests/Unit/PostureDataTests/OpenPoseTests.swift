import Foundation
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import DatasetPosture

/// The real recording beside the project: 4 cameras of 100 frames each.
@Suite struct OpenPoseTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized
  private static let recording = root.deletingLastPathComponent()
    .appending(path: "shared/data/posture/openpose_pose2sim").path
  private static let isThere = FileManager.default.fileExists(atPath: recording) && PeerPython.interpreter != nil

  @Test(.enabled(if: isThere, "needs ../shared/data/posture/openpose_pose2sim and a Python with NumPy (make peers)"))
  func sequencesFromARealRecordingAreRead() throws {
    let tree = try Tree()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PeerPython.interpreter))
    process.arguments = [Self.root.appending(path: "scripts/openpose_to_sequences.py").path, Self.recording, tree.path]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)

    var options = PostureOptions()
    options.path = tree.path
    #expect(
      failure { _ = try PostureDataset(options, host: nil) }?.message.contains("more than one split: walker") == true)
    options.allowSharedSubjects = true
    let data = try PostureDataset(options, host: nil)
    #expect(data.specification.sample.shape == [30, 75])
    #expect([Split.train, .validation].map(data.count) == [12, 4])
    for split in [Split.train, .validation] {
      for index in 0..<data.count(in: split) {
        let values = try data.sample(at: index, in: split).array(of: Float.self)
        // In lengths of the trunk about the hips: a body is a few of them tall, and confidence is 0 to 1.
        #expect(values.allSatisfy { abs($0) < 10 })
        #expect(try data.targets(at: index, in: split)[1] != nil)
      }
    }
    let statistics = try data.statistics(of: Array(0..<12), in: .train)
    // The shoulders are above the hips: y of keypoints 5 and 6.
    #expect(statistics.mean[16] < -0.5 && statistics.mean[19] < -0.5)
  }
}
