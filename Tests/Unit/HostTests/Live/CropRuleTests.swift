import SentryPluginAPI
import Testing

@testable import SentryInference

@Suite struct CropRuleTests {
  /// A box of 100 × 50 pixels at (200, 100) in a picture of 400 × 200.
  private let instance = Instance(
    box: .init(x: 0.5, y: 0.5, width: 0.25, height: 0.25), score: 1,
    keypoints: [.init(x: 0.5, y: 0.5), .init(x: 0.75, y: 1)])

  private func region(_ crop: Recipe.Crop, aligned: Bool = false) throws -> ImageRegion {
    try crop.region(of: instance, keypoints: ["left", "right"], width: 400, height: 200, aligned: aligned)
  }

  @Test func theBoxItself() throws {
    #expect(try region(.init(square: false)) == ImageRegion(x: 250, y: 125, width: 100, height: 50))
  }

  @Test func theMarginIsAddedOnEachSide() throws {
    #expect(try region(.init(margin: 0.2, square: false)) == ImageRegion(x: 250, y: 125, width: 140, height: 70))
  }

  @Test func aSquareKeepsTheCentre() throws {
    #expect(try region(.init(margin: 0.2)) == ImageRegion(x: 250, y: 125, width: 140, height: 140))
  }

  /// 100 pixels to the right and 100 down: an eighth of a turn, clockwise.
  @Test func alignmentTurnsByTheLineOfTwoKeypoints() throws {
    let turned = try region(.init(align: ["left", "right"]), aligned: true)
    #expect(abs(turned.rotation - .pi / 4) < 1e-12 && turned.x == 250)
    #expect(try region(.init(align: ["left", "right"])).rotation == 0)
  }

  @Test func keypointsThatTheDetectorLacksAreNamed() throws {
    let error = #expect(throws: PluginError.self) { try region(.init(align: ["left", "nose"]), aligned: true) }
    #expect(error?.message.contains("left, nose") == true)
  }

  @Test func smallPicturesAreTakenWhole() {
    let crop = Recipe.Crop(whole: 128)
    #expect(crop.takesWhole(width: 128, height: 48) && !crop.takesWhole(width: 48, height: 129))
    #expect(!Recipe.Crop().takesWhole(width: 1, height: 1))
  }
}
