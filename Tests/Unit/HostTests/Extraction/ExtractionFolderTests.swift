import Foundation
import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryInference
@testable import SentryRuntime

/// The folder of `extract`: names, resuming, labels.
@Suite struct ExtractionFolderTests {
  private func scratch(_ body: (String) throws -> Void) throws {
    let path = "/tmp/sentry-extraction-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func source(_ path: String, _ text: String = "x") throws -> SourceRecord.Origin {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try SourceRecord.Origin(path)
  }

  private func opened(_ path: String, _ settings: JSONValue = ["a": 1], overwrite: Bool = false) throws
    -> ExtractionFolder
  {
    try ExtractionFolder(path, settings: settings, values: ["u", "v"], overwrite: overwrite)
  }

  /// - Parameter lengths: of its sequences.
  @discardableResult private func extract(
    _ path: String, into folder: ExtractionFolder, lengths: [Int], persons: Bool = false
  ) throws -> SourceRecord {
    let output = try SourceOutput(folder, source: path, origin: .init(path), namesPersons: persons)
    for (number, length) in lengths.enumerated() {
      let name = try output.begin(person: number)
      for row in 0..<length { try output.append([Float(row), Float(number)], to: name) }
      try output.end(name)
    }
    try output.write(IndexRow(frame: 0, time: 0.5, state: .absent))
    return try output.finish(ExtractionCounts())
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func labels(_ folder: String) throws -> JSONValue {
    try JSON.decode(from: String(contentsOfFile: "\(folder)/labels.json", encoding: .utf8), what: "labels")
  }

  @Test func oneCommandAtATimeWritesToAFolder() throws {
    try scratch { root in
      let first = try opened("\(root)/out")
      let error = #expect(throws: PluginError.self) { try opened("\(root)/out") }
      #expect(
        error?.message == "\(root)/out: another process is writing to this folder"
          && error?.hint == "wait for it or stop it")
      withExtendedLifetime(first) {}
    }
  }

  @Test func aFolderHasWhatTrainingReads() throws {
    try scratch { root in
      let out = "\(root)/out"
      _ = try source("\(root)/a, b.mp4")
      do {
        let folder = try opened(out)
        try extract("\(root)/a, b.mp4", into: folder, lengths: [3, 2])
        #expect(try folder.finish().isEmpty)
      }
      #expect(try names(out) == ["extract.json", "index", "index.csv", "labels.json", "sequences"])
      #expect(try names("\(out)/sequences") == ["a__b.npy", "a__b_2.npy"])
      let array = try NPYFile.read("\(out)/sequences/a__b.npy")
      #expect(array.shape == [3, 2])
      #expect(try array.bytes().withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == [0, 0, 1, 0, 2, 0])
      #expect(try labels(out) == ["a__b": ["recording": "a__b"], "a__b_2": ["recording": "a__b"]])
      #expect(
        try String(contentsOfFile: "\(out)/index.csv", encoding: .utf8)
          == IndexRow.header + "\"\(root)/a, b.mp4\",,,0,0.500000,,,absent\n")
    }
  }

  @Test func namesAreDistinctAndStay() throws {
    try scratch { root in
      let paths = ["\(root)/a/clip.mp4", "\(root)/b/clip.avi", "\(root)/clip_2.mp4", "\(root)/ä=.mp4"]
      for path in paths { _ = try source(path) }
      do {
        let folder = try opened("\(root)/out")
        #expect(try extract(paths[0], into: folder, lengths: [2, 2]).sequences.map(\.name) == ["clip", "clip_2"])
        #expect(try extract(paths[1], into: folder, lengths: [2]).sequences.map(\.name) == ["clip-2"])
        #expect(try extract(paths[2], into: folder, lengths: [2]).sequences.map(\.name) == ["clip_2-2"])
        #expect(try extract(paths[3], into: folder, lengths: [2]).sequences.map(\.name) == ["__"])
        _ = try folder.finish()
      }
      let folder = try opened("\(root)/out")
      #expect(folder.name(for: paths[1], try .init(paths[1])) == "clip-2")
      _ = try source("\(root)/c/clip.mp4")
      let more = try extract("\(root)/c/clip.mp4", into: folder, lengths: [2, 2], persons: true)
      #expect(more.sequences.map(\.name) == ["clip-3_p0", "clip-3_p1"])
    }
  }

  /// What was under way when it was interrupted leaves nothing; what was complete stays, with its labels.
  @Test func anInterruptedFolderIsGoneOnWith() throws {
    try scratch { root in
      let out = "\(root)/out"
      let (first, second) = (try source("\(root)/1.mp4"), try source("\(root)/2.mp4"))
      do {
        let folder = try opened(out)
        try extract("\(root)/1.mp4", into: folder, lengths: [2])
        let broken = try SourceOutput(folder, source: "\(root)/2.mp4", origin: second, namesPersons: false)
        let name = try broken.begin(person: 0)
        try broken.append([1, 2], to: name)
        try broken.append([1, 2], to: name)
        try broken.end(name)
      }
      #expect(try names("\(out)/sequences") == ["1.npy"])
      #expect(try names("\(out)/index") == ["1.csv", "1.json"])
      try #"{"1": {"task": 1}}"#.write(toFile: "\(out)/labels.json", atomically: true, encoding: .utf8)
      let folder = try opened(out)
      #expect(folder.record(of: first)?.name == "1")
      #expect(folder.record(of: second) == nil)
      try extract("\(root)/2.mp4", into: folder, lengths: [2])
      #expect(try folder.finish().isEmpty)
      #expect(try labels(out) == ["1": ["task": 1], "2": ["recording": "2"]])
    }
  }

  /// A source that has changed is done again, and what it gave before goes.
  @Test func aChangedSourceReplacesItsSequences() throws {
    try scratch { root in
      let out = "\(root)/out"
      let before = try source("\(root)/1.mp4")
      let folder = try opened(out)
      try extract("\(root)/1.mp4", into: folder, lengths: [2, 3])
      let after = try source("\(root)/1.mp4", "longer")
      #expect(folder.record(of: before) != nil && folder.record(of: after) == nil)
      #expect(try extract("\(root)/1.mp4", into: folder, lengths: [4]).name == "1")
      #expect(try names("\(out)/sequences") == ["1.npy"])
      #expect(try NPYFile.shape(of: "\(out)/sequences/1.npy") == [4, 2])
    }
  }

  @Test func whatIsNotItsOwnIsRefused() throws {
    try scratch { root in
      _ = try source("\(root)/1.mp4")
      #expect(throws: PluginError.self) { try opened(root) }
      do {
        let folder = try opened("\(root)/out")
        try extract("\(root)/1.mp4", into: folder, lengths: [2])
        _ = try folder.finish()
      }
      let other = #expect(throws: PluginError.self) { try opened("\(root)/out", ["a": 2]) }
      #expect(other?.message == "\(root)/out was made with other settings: a was 1, now 2")
      try "x".write(toFile: "\(root)/out/notes.txt", atomically: true, encoding: .utf8)
      let foreign = #expect(throws: PluginError.self) { try opened("\(root)/out", overwrite: true) }
      #expect(foreign?.message.contains("notes.txt") == true)
      try FileManager.default.removeItem(atPath: "\(root)/out/notes.txt")
      let folder = try opened("\(root)/out", ["a": 2], overwrite: true)
      #expect(try folder.record(of: .init("\(root)/1.mp4")) == nil)
      #expect(try names("\(root)/out/sequences").isEmpty)
      #expect(try names("\(root)/out").contains("labels.previous.json"))
    }
  }

  @Test func damagedLabelsAreToldBeforeTheWork() throws {
    try scratch { root in
      do { _ = try opened("\(root)/out") }
      try "{".write(toFile: "\(root)/out/labels.json", atomically: true, encoding: .utf8)
      let error = #expect(throws: PluginError.self) { try opened("\(root)/out") }
      #expect(error?.message.contains("labels.json") == true)
    }
  }

  @Test func foldersAndPatternsAreVideosByName() throws {
    try scratch { root in
      for name in ["in/b.mp4", "in/a.MKV", "in/sub/c.mov", "in/notes.txt", "pictures/1.jpg"] {
        _ = try source("\(root)/\(name)")
      }
      func expand(_ arguments: [String]) throws -> [String] {
        try ExtractionSources.expand(arguments) { FileList.has($0, [".mp4", ".mkv", ".mov"]) }.map(\.path)
      }
      let expected = ["a.MKV", "b.mp4", "sub/c.mov"].map { "\(root)/in/\($0)" }
      #expect(try expand(["\(root)/in", "\(root)/in/b.mp4"]) == expected)
      #expect(try expand(["\(root)/in/*.mp4"]) == [expected[1]])
      #expect(try expand(["\(root)/pictures"]) == ["\(root)/pictures"])
      for wrong in ["\(root)/none.mp4", "\(root)/*.avi", "rtsp://host/live"] {
        #expect(throws: PluginError.self) { try expand([wrong]) }
      }
    }
  }
}
