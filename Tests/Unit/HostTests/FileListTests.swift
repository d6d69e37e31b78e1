import Foundation
import Testing
@testable import SentryInference
@testable import SentryPluginAPI

@Suite struct FileListTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "sentry-files-\(UUID().uuidString)"
    for folder in ["b", "a/deep", ".hidden", "empty"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    for file in ["b/2.PNG", "b/10.png", "a/deep/x.jpg", "a/.y.jpg", "a/notes.txt", ".hidden/z.jpg", "c.jpg", "b/.png"] {
      try Data().write(to: URL(fileURLWithPath: "\(root)/\(file)"))
    }
    // Back to the top: entered once all the same.
    try FileManager.default.createSymbolicLink(atPath: "\(root)/b/loop", withDestinationPath: root)
  }

  private func paths(_ arguments: [String]) throws -> [String] {
    try FileList(arguments.map { "\(root)/\($0)" }, suffixes: [".jpg", ".png"]).paths.map {
      String($0.dropFirst(root.count + 1))
    }
  }

  @Test func foldersAreWalkedAndSorted() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    #expect(try paths([""]) == ["a/deep/x.jpg", "b/10.png", "b/2.PNG", "c.jpg"])
    #expect(try FileList([root], suffixes: [".jpg", ".png"]).otherFiles == 1)
    #expect(try paths(["c.jpg", "b/"]) == ["c.jpg", "b/10.png", "b/2.PNG", "b/loop/a/deep/x.jpg", "b/loop/c.jpg"])
    #expect(try paths(["c.jpg", "c.jpg"]) == ["c.jpg", "c.jpg"])
  }

  @Test(arguments: [
    ("nothing.jpg", "No such file"), ("a/notes.txt", "not a supported file"), ("empty", "contains no supported file"),
  ])
  func whatCannotBeHadIsNamed(argument: String, reason: String) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let error = #expect(throws: PluginError.self) { try paths([argument]) }
    #expect(error?.message.contains("\(root)/\(argument)") == true && error?.message.contains(reason) == true)
    #expect(error?.hint?.contains(".jpg, .png") == true)
    #expect(error?.hint?.contains("videos are for sentry demo and sentry extract") == (argument == "a/notes.txt"))
  }
}
