import Foundation
import SentryTestSupport
import Testing

/// Images that cannot be read: the run stops and names one, or leaves out as many as it may and lists them.
@Suite struct SkipBadTests {
  private func train(_ sandbox: Sandbox, _ tree: TestTree, skipping: Int, to output: String) throws -> Sandbox.Outcome {
    try sandbox.toys([
      "train", "emotion", "--data", tree.path, "--dataset", "fer2013", "--image-size", "32", "--batch-size", "4",
      "--epochs", "1", "--output", output, "--skip-bad", "\(skipping)",
    ])
  }

  private func skipped(_ sandbox: Sandbox, _ output: String) throws -> [String] {
    let list = try #require(sandbox.json("\(output)/run.json")["skipped"] as? [[String: Any]])
    return list.compactMap { $0["name"] as? String }.sorted()
  }

  @Test func truncatedImagesAreLeftOutUpToANumber() throws {
    let sandbox = try Sandbox(plugins: ["EmotionDenseNet", "DatasetFER2013", "AugmentFace", "TrainerSupervised"])
    let tree = try TestTree.fer2013()
    // In place of good ones: twelve images are three batches, and all of them are read.
    let bad = ["train/happy/Training_112.jpg", "train/sad/Training_120.jpg"]
    let paths = bad.map { "\(tree.path)/\($0)" }
    #expect(paths.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    try tree.write(bad[0], Array(TinyJPEG.bytes.prefix(300)))

    let one = try train(sandbox, tree, skipping: 1, to: "one")
    #expect(one.status == 0, "\(one.err)")
    #expect(one.err.contains("skipped: ") && one.err.contains(paths[0]), "\(one.err)")
    #expect(one.out.contains("skipped as unreadable: 1, listed in one/run.json\n  \(paths[0])\n"), "\(one.out)")
    #expect(try skipped(sandbox, "one") == [paths[0]])
    let strict = try train(sandbox, tree, skipping: 0, to: "strict")
    #expect(strict.status == 1 && strict.err.contains(paths[0]), "\(strict.err)")
    #expect(strict.err.contains("--skip-bad N skips up to N unreadable samples"), "\(strict.err)")

    try tree.write(bad[1], Array(TinyJPEG.bytes.prefix(300)))
    let more = try train(sandbox, tree, skipping: 1, to: "more")
    #expect(more.status == 1, "\(more.err)")
    let error = try #require(
      more.err.split(separator: "\n").first { $0.contains("--skip-bad 1 allows") }, "\(more.err)")
    #expect(paths.contains { error.contains($0) }, "\(error)")
    #expect(try train(sandbox, tree, skipping: 2, to: "two").status == 0)
    #expect(try skipped(sandbox, "two") == paths)
  }
}
