import Glibc
import SentryBase
import SentryPluginAPI
import SentryPosture

/// One `.skeleton` file of NTU RGB+D (Shahroudy et al., "NTU RGB+D: a large scale dataset for 3D human activity analysis", 2016):
/// the number of frames; for each the number of bodies; for each body a line of 10 numbers, the number of joints, and for each
/// joint a line of 12 numbers, x y z first.
enum NTUSkeletonFile {
  static let joints = 25

  /// What the name says: `S001C002P003R002A013`.
  struct Name {
    var setup, camera, performer, replication, action: Int

    init?(_ file: String) {
      let text = Array(Paths.last(file).utf8.prefix(20))
      guard text.count == 20 else { return nil }
      var numbers: [Int] = []
      for (position, letter) in "SCPRA".utf8.enumerated() {
        let part = text[(position * 4)..<(position * 4 + 4)]
        guard part.first == letter, let value = Int(String(decoding: part.dropFirst(), as: UTF8.self)) else {
          return nil
        }
        numbers.append(value)
      }
      (setup, camera, performer, replication, action) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
    }
  }

  /// The first body of each frame, and how many frames between such frames have no body and are passed over.
  /// - Throws: ``PluginError`` (bad data) naming the line.
  static func read(_ path: String) throws -> (frames: Frames, gaps: Int) {
    let text = try FileSystem.text(path, limit: 256 << 20)
    var lines = Lines(path: path, text: text)
    let frameCount = try lines.count("the number of frames", limit: 100_000)
    var frames = Frames(width: joints * 3)
    var (gaps, empty) = (0, 0)
    for _ in 0..<frameCount {
      let bodies = try lines.count("the number of bodies", limit: 100)
      if bodies == 0 { empty += 1 }
      if bodies > 0 {
        if frames.count > 0 { gaps += empty }
        empty = 0
      }
      for body in 0..<bodies {
        _ = try lines.numbers(10, "the description of a body")
        let found = try lines.count("the number of joints", limit: 1000)
        guard found == joints else {
          throw lines.bad("a body has \(found) joints, \(joints) are expected: the file has another layout")
        }
        var row: [Float] = []
        for _ in 0..<joints {
          let values = try lines.numbers(12, "a joint")
          if body == 0 { row += values.prefix(3) }
        }
        if body == 0 { frames.append(row) }
      }
    }
    try lines.end()
    return (frames, gaps)
  }

  private struct Lines {
    let path: String
    private var rest: Substring.UTF8View
    private var number = 0

    init(path: String, text: String) { (self.path, rest) = (path, text[...].utf8) }

    func bad(_ what: String) -> PluginError {
      .badData(
        "\(path): line \(number): \(what)", hint: "it is not an NTU RGB+D skeleton, or it is damaged: download it again"
      )
    }

    private mutating func next(_ what: String) throws -> Substring.UTF8View {
      number += 1
      guard !rest.isEmpty else { throw bad("the file ends before \(what): it is truncated") }
      let line = rest.prefix { $0 != 0x0A }
      rest = rest[line.endIndex...].dropFirst()
      return line
    }

    mutating func count(_ what: String, limit: Int) throws -> Int {
      let line = try next(what)
      let words = line.split { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
      guard words.count == 1, let value = Int(String(Substring(words[0]))), value >= 0, value <= limit else {
        throw bad("'\(String(Substring(line.prefix(60))))' is not \(what)")
      }
      return value
    }

    mutating func numbers(_ count: Int, _ what: String) throws -> [Float] {
      let line = try next(what)
      let words = line.split { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
      guard words.count == count else {
        throw bad("\(what) has \(words.count) numbers, \(count) are expected: the file has another layout")
      }
      return try words.map { word in
        guard let value = Float(Substring(word)), value.isFinite else {
          throw bad("'\(String(Substring(word.prefix(40))))' in \(what) is not a finite number")
        }
        return value
      }
    }

    mutating func end() throws {
      while !rest.isEmpty {
        let line = try next("nothing")
        guard line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else {
          throw bad("the file continues after the last frame")
        }
      }
    }
  }
}
