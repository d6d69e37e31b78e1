import CSentryPlugin
import Foundation
import SentryImaging
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import AugmentFace

@Suite("The face augmenter reads files")
struct ReadingTests {
  private let folder = NSTemporaryDirectory() + "sentry-reading-\(UUID().uuidString)"
  private let preprocessing: FacePreprocessing

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    preprocessing = try FacePreprocessing(options: .init(size: 32))
  }

  /// A dark picture.
  private func bitmap(_ name: String, side: Int = 24) throws -> String {
    let bytes = TestBitmap.bytes(side: side) { pixel, channel in UInt8((pixel + pixel / side * (channel + 1)) % 60) }
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func read(_ path: String, lowLight: Bool) throws -> Tensor {
    try preprocessing.readSample(0, of: path, options: Options(json: #"{"low-light":\#(lowLight)}"#))
  }

  @Test("as datasets do, and corrected for low light where that is asked for")
  func images() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try bitmap("dark.bmp")
    let image = try Image.load(path: path)
    let plain = try read(path, lowLight: false)
    #expect(plain.shape == [24, 24, 3])
    #expect(try plain.array(of: UInt8.self) == image.pixels)
    let corrected = try read(path, lowLight: true)
    #expect(corrected.shape == [24, 24, 1])
    #expect(try corrected.array(of: UInt8.self) == image.lowLightCorrected().pixels)
    let (dark, light) = (try image.grey().mean, try image.lowLightCorrected().mean)
    #expect(light > dark + 10)
    #expect(try preprocessing.apply(corrected, strength: .none, seed: 0).shape == [1, 32, 32])
    #expect(try preprocessing.sampleCount(of: path) == 1)
  }

  @Test("and names the one that it cannot read")
  func damaged() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("no image".utf8).write(to: URL(fileURLWithPath: "\(folder)/x.png"))
    for (path, lowLight) in [
      ("\(folder)/x.png", false), ("\(folder)/gone.jpg", true), (try bitmap("tiny.bmp", side: 4), true),
    ] {
      let error = #expect(throws: PluginError.self) { try read(path, lowLight: lowLight) }
      #expect(error?.code == SENTRY_BAD_DATA && error?.message.hasPrefix(path) == true && error?.hint != nil)
    }
  }
}
