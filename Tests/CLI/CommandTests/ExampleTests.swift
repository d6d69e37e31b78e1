import Foundation
import Testing

/// What docs/plugin-border.md promises a third party: their package builds alone, and the host trains on what it brings.
@Suite struct ExampleTests {
  @Test func theExampleBuildsAndTrains() throws {
    let sandbox = try Sandbox(plugins: ["EmotionDenseNet", "AugmentFace", "TrainerSupervised"])
    let builder = Process()
    builder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    builder.arguments = [
      "swift", "build", "--package-path", "\(Sandbox.package)/Examples/DatasetStripes", "--scratch-path",
      "\(sandbox.root)/build",
    ]
    let log = "\(sandbox.root)/build.log"
    FileManager.default.createFile(atPath: log, contents: nil)
    builder.standardOutput = FileHandle(forWritingAtPath: log)
    builder.standardError = builder.standardOutput
    try builder.run()
    builder.waitUntilExit()
    let output = try String(contentsOfFile: log, encoding: .utf8)
    try #require(builder.terminationStatus == 0, "\(output)")
    try FileManager.default.copyItem(
      atPath: "\(sandbox.root)/build/debug/libDatasetStripes.so", toPath: "\(sandbox.root)/plugins/libDatasetStripes.so"
    )

    let inspected = try sandbox.toys(["plugins", "inspect", "stripes"])
    #expect(inspected.status == 0 && inspected.out.contains("The side of an image in pixels."))
    let outcome = try sandbox.toys([
      "train", "emotion", "--dataset", "stripes", "--image-size", "32", "--batch-size", "8", "--epochs", "1",
      "--output", "run",
      "--set", "dataset.count=32", "--set", "dataset.size=32",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("task direction"))
  }
}
