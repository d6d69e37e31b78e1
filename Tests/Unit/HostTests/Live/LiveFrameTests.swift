import SentryPluginAPI
import Testing

@testable import SentryInference

@Suite struct LiveFrameTests {
  private var frame: LiveFrame {
    var sighting = LiveFrame.Sighting(
      detector: "d", what: "dot",
      instance: Instance(
        box: .init(x: 0.25, y: 0.5, width: 0.5, height: 0.25), score: 0.75, id: 3,
        keypoints: [.init(x: 0, y: 0), .init(x: 1, y: 1), .init(x: 0.5, y: 0, visibility: 0.1)]))
    sighting.answers = [.init(task: ClassificationTask("t", classes: ["a", "b"]), probabilities: [0.25, 0.75])]
    sighting.waiting = (2, 30)
    return LiveFrame(index: 7, time: -0.5, width: 200, height: 100, sightings: [sighting])
  }

  @Test func aLineOfJSON() throws {
    let expected: JSONValue = [
      "frame": 7, "time": -0.5,
      "instances": [
        [
          "kind": "dot", "id": 3, "box": ["x": 50.0, "y": 50.0, "width": 100.0, "height": 25.0, "score": 0.75],
          "tasks": ["t": ["class": "b", "probabilities": ["a": 0.25, "b": 0.75]]],
          "waiting": ["frames": 2, "of": 30],
        ]
      ],
    ]
    #expect(try JSON.text(frame.json) == JSON.text(expected))
  }

  @Test func whatIsDrawn() {
    let marks = frame.marks(edges: ["d": [[0, 1], [1, 2]]])
    // The second edge ends at a keypoint that is not visible.
    #expect(marks.filter { $0.kind == .line }.map(\.at) == [[0, 0, 1, 1]])
    #expect(marks.filter { $0.kind == .box }.map(\.at) == [[0.25, 0.5, 0.5, 0.25]])
    #expect(marks.filter { $0.kind == .text }.compactMap(\.text) == ["t: b 75 %", "2 of 30 frames"])
    #expect(marks.filter { $0.kind == .bar }.map(\.value) == [0.25, 0.75])
    #expect(LiveFrame(index: 0, time: 0, width: 1, height: 1).marks(edges: [:]).isEmpty)
    // Letters follow the width where that is small.
    #expect(LiveFrame(index: 0, time: 0, width: 640, height: 360).lineHeight == 0.05)
    #expect(abs(LiveFrame(index: 0, time: 0, width: 360, height: 640).lineHeight * 640 - 13.5) < 1e-4)
  }
}
