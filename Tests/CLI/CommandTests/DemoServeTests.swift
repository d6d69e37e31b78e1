import Foundation
import Testing

/// `sentry demo --serve` from the command line to the browser's end of it.
@Suite struct DemoServeTests {
  private static let tools = ["/usr/bin/ffmpeg", "/usr/bin/curl"].allSatisfy(FileManager.default.isExecutableFile)

  /// A program under way.
  private final class Running {
    let process = Process()
    private let out: String

    init(_ sandbox: Sandbox, _ arguments: [String]) throws {
      out = "\(sandbox.root)/running-\(UUID().uuidString)"
      FileManager.default.createFile(atPath: out, contents: nil)
      process.executableURL = URL(fileURLWithPath: "\(sandbox.root)/bin/sentry")
      process.arguments = ["--plugin-dir", "\(sandbox.root)/plugins"] + arguments
      process.currentDirectoryURL = URL(fileURLWithPath: "\(sandbox.root)/work")
      process.environment = ["PATH": "/usr/bin:/bin", "HOME": "\(sandbox.root)/home"]
      process.standardInput = FileHandle.nullDevice
      let file = FileHandle(forWritingAtPath: out)
      (process.standardOutput, process.standardError) = (file, file)
      try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var text: String { (try? String(contentsOfFile: out, encoding: .utf8)) ?? "" }

    /// Waits for a text of the program's.
    func wait(for words: String) throws {
      for _ in 0..<6000 where process.isRunning && !text.contains(words) { usleep(10_000) }
      try #require(text.contains(words), "\(text)")
    }

    var url: String {
      get throws {
        try wait(for: " in a browser")
        return String(try #require(text.firstMatch(of: #/http://\S+/#)?.0))
      }
    }
  }

  private func curl(_ arguments: [String]) throws -> Data {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    process.arguments = ["--silent", "--max-time", "60"] + arguments
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }

  /// A trained model, and a video of 15 frames with a white rectangle.
  private func workplace() throws -> Sandbox {
    let sandbox = try Sandbox(plugins: ["TestPluginLive", "TestPluginToyB", "VideoFFmpeg"], programs: ["sentry-serve"])
    let trained = try sandbox.toys(["train", "toy-live", "--output", "run"])
    try #require(trained.status == 0, "\(trained.err)")
    let ffmpeg = Process()
    ffmpeg.executableURL = URL(fileURLWithPath: "/usr/bin/ffmpeg")
    ffmpeg.arguments = [
      "-v", "error", "-f", "lavfi", "-i", "color=c=0x303030:s=320x240:r=10:d=1.5", "-vf",
      "drawbox=x=100:y=80:w=60:h=60:color=white:t=fill", "-pix_fmt", "yuv420p", "\(sandbox.root)/work/clip.mp4",
    ]
    try ffmpeg.run()
    ffmpeg.waitUntilExit()
    try #require(ffmpeg.terminationStatus == 0)
    return sandbox
  }

  private let demo = ["demo", "--model", "run/best_model.pth", "--source", "clip.mp4", "--serve", "0"]

  @Test(.enabled(if: tools, "no ffmpeg or no curl: run make setup")) func aFileToItsEnd() throws {
    let sandbox = try workplace()
    let running = try Running(sandbox, demo + ["--jsonl", "out.jsonl"])
    let url = try running.url
    #expect(url.hasPrefix("http://127.0.0.1:"))
    let stream = try curl(["--max-time", "5", "\(url)stream.mjpg"])
    #expect(stream.starts(with: Data("--sentry-frame\r\nContent-Type: image/jpeg\r\n".utf8)))
    #expect(stream.range(of: Data([0xFF, 0xD8, 0xFF])) != nil)
    try running.wait(for: "The video has ended")
    #expect(String(decoding: try curl([url]), as: UTF8.self).contains("<title>sentry demo</title>"))
    // No frame is left out for a browser's sake.
    let lines = try String(contentsOfFile: "\(sandbox.root)/work/out.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 15)
    #expect(lines.allSatisfy { $0.contains("\"class\":\"<b>light</b>\"") && $0.contains("\"kind\":\"spot\"") })
    running.process.interrupt()
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 0, "\(running.text)")
  }

  @Test(.enabled(if: tools, "no ffmpeg or no curl: run make setup")) func aNumberOfFramesWithAToken() throws {
    let sandbox = try workplace()
    let running = try Running(sandbox, demo + ["--bind", "0.0.0.0", "--frames", "5"])
    let place = try #require(running.url.firstMatch(of: #/http://[^/]+:(\d+)/(\?token=[0-9a-f]{32})/#))
    let base = "http://127.0.0.1:\(place.1)/"
    #expect(try curl([base]).isEmpty)
    #expect(try curl(["--output", "/dev/null", "--write-out", "%{http_code}", base]) == Data("401".utf8))
    // It begins when somebody looks, and closes the stream at the end.
    #expect(try curl(["\(base)stream.mjpg\(place.2)"]).count > 1000)
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 0 && running.text.contains("5 frames"), "\(running.text)")
  }

  @Test func withoutItsProgramItSaysSo() throws {
    let outcome = try Sandbox(plugins: []).run(["demo", "--model", "m.pth", "--serve"])
    #expect(outcome.status == 1)
    #expect(outcome.err.contains("ROOT/bin/sentry-serve, which --serve needs, cannot be started: No such file"))
    #expect(outcome.err.contains("Hint: it is installed beside sentry"))
  }

  @Test func wrongOptions() throws {
    let sandbox = try Sandbox(plugins: [], programs: ["sentry-serve"])
    for (arguments, words) in [
      (["--serve", "nine"], "'nine' is no port"), (["--bind", "::1"], "give --serve, too"),
      (["--serve", "--bind", "here"], "'here' is no address"),
    ] {
      let outcome = try sandbox.toys(["demo", "--model", "m.pth"] + arguments)
      #expect(outcome.status == 64 && outcome.err.contains(words), "\(outcome.err)")
    }
  }
}
