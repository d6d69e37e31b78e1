import Testing
@testable import SentryInference

/// What is written on the frames of a preview.
@Suite struct CaptionTests {
  @Test func theFrameTheStateAndTheRowHaveALineEach() {
    let followed = Followed(state: "person 1", values: [("shoulder_tilt", 0.12345), ("head_tilt", -1)])
    #expect(
      ExtractionPreview.captions(of: 12, at: 0.4, followed)
        == ["frame 12, 0.400 s", "person 1", "shoulder_tilt 0.123", "head_tilt -1.000"])
    let points = Followed(state: "not seen", values: (0..<99).map { ("x\($0)", 0) })
    #expect(ExtractionPreview.captions(of: 0, at: -0.04, points) == ["frame 0, -0.040 s", "not seen"])
  }

  /// What VideoTests find to fit in the upright video of a phone.
  @Test func linesAreShort() {
    let lines = ExtractionPreview.captions(
      of: 99_999, at: 3_333.3, Followed(state: Followed.choosing, values: []))
    #expect(lines == ["frame 99999, 3333.300 s", "choosing whom to follow"])
  }
}
