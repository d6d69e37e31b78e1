import SentryPluginAPI
import Testing

@testable import SentryInference

/// Photographs: instances with their boxes, and pictures without one.
@Suite struct PlacesTests {
  private var prediction: Prediction {
    var answers = Prediction.Answers(task: ClassificationTask("t", classes: ["a", "b"]))
    (answers.logits, answers.probabilities) = ([1, 0, 0, 1, 1, 0], [0.75, 0.25, 0.25, 0.75, 0.75, 0.25])
    var prediction = Prediction(answers: [answers])
    prediction.names = ["x.jpg#1", "x.jpg#2", "small.jpg"]
    prediction.places = [
      .init(x: 10, y: 20, width: 30, height: 40, score: 0.5), .init(x: 1, y: 2, width: 3, height: 4, score: 0.25), nil,
    ]
    prediction.without = [(0, "none.jpg"), (3, "last.jpg")]
    prediction.sought = "dot"
    return prediction
  }

  @Test func lines() throws {
    #expect(
      try PredictionFormatter.text(prediction, .lines) == """
        none.jpg: no dot found
        x.jpg#1: a 0.750 (dot 0.50 at 10,20, 30×40 pixels)
        x.jpg#2: b 0.750 (dot 0.25 at 1,2, 3×4 pixels)
        small.jpg: a 0.750
        last.jpg: no dot found

        """)
  }

  @Test func csv() throws {
    #expect(
      try PredictionFormatter.text(prediction, .csv) == """
        sample,box_x,box_y,box_width,box_height,box_score,predicted,p_a,p_b
        none.jpg,,,,,,,,
        x.jpg#1,10.0,20.0,30.0,40.0,0.500,a,0.75,0.25
        x.jpg#2,1.0,2.0,3.0,4.0,0.250,b,0.25,0.75
        small.jpg,,,,,,a,0.75,0.25
        last.jpg,,,,,,,,

        """)
  }

  @Test func json() throws {
    let read = try JSON.decode([JSONValue].self, from: PredictionFormatter.text(prediction, .json), what: "json")
    #expect(read.map { $0["file"]?.stringValue } == ["none.jpg", "x.jpg#1", "x.jpg#2", "small.jpg", "last.jpg"])
    #expect(read[0]["note"]?.stringValue == "no dot found" && read[0]["tasks"]?.objectValue?.isEmpty == true)
    #expect(read[1]["box"]?["width"]?.doubleValue == 30 && read[3]["box"] == nil)
  }
}
