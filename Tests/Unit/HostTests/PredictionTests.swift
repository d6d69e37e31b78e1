import Foundation
import SentryFormats
import Testing
@testable import SentryInference
@testable import SentryPluginAPI

@Suite struct PredictionTests {
  private let one = Prediction(
    names: ["a, b.jpg", "c.jpg"],
    answers: [
      .init(
        task: ClassificationTask("kind", classes: ["x", "y"]), logits: [0, 1, 2, 2],
        probabilities: [0.25, 0.75, 0.5, 0.5])
    ])

  private var two: Prediction {
    var prediction = one
    prediction.answers.append(
      .init(
        task: ClassificationTask("size/now", classes: ["s", "m", "l"]), probabilities: [0.5, 0.25, 0.25, 0, 0, 1],
        deviations: [0, 0.125, 0.125, 0, 0, 0]))
    return prediction
  }

  @Test func aLineForEachSample() throws {
    #expect(try PredictionFormatter.text(one, .lines) == "a, b.jpg: y 0.750\nc.jpg: x 0.500\n")
    #expect(
      try PredictionFormatter.text(two, .lines)
        == "a, b.jpg: kind y 0.750, size/now s 0.500 ± 0.000\nc.jpg: kind x 0.500, size/now l 1.000 ± 0.000\n")
  }

  @Test func theTableHasTheColumnsOfAnEvaluation() throws {
    #expect(
      try PredictionFormatter.text(one, .csv) == "sample,predicted,p_x,p_y\n\"a, b.jpg\",y,0.25,0.75\nc.jpg,x,0.5,0.5\n"
    )
    #expect(
      try PredictionFormatter.text(two, .csv).split(separator: "\n")[0]
        == "sample,kind_predicted,kind_p_x,kind_p_y,size/now_predicted,size/now_p_s,size/now_p_m,size/now_p_l,"
        + "size/now_sd_s,size/now_sd_m,size/now_sd_l")
    #expect(
      try PredictionFormatter.text(two, .tables).split(separator: "\n")[3...].joined(separator: "\n")
        == "sample,task,predicted,p_s,p_m,p_l,sd_s,sd_m,sd_l\n\"a, b.jpg\",size/now,s,0.5,0.25,0.25,0.0,0.125,0.125\n"
        + "c.jpg,size/now,l,0.0,0.0,1.0,0.0,0.0,0.0")
  }

  @Test func objectsNameWhatTheyHold() throws {
    let text = try PredictionFormatter.text(two, .json)
    let samples = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(samples.map { $0["file"] as? String } == ["a, b.jpg", "c.jpg"])
    let tasks = try #require(samples[0]["tasks"] as? [String: [String: Any]])
    #expect(tasks["kind"]?["class"] as? String == "y" && tasks["kind"]?["deviations"] == nil)
    #expect(tasks["kind"]?["probabilities"] as? [String: Double] == ["x": 0.25, "y": 0.75])
    #expect(tasks["size/now"]?["deviations"] as? [String: Double] == ["s": 0, "m": 0.125, "l": 0.125])
  }

  @Test func namesOfTasksStayInsideTheFolder() throws {
    let folder = NSTemporaryDirectory() + "sentry-prediction-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var prediction = one
    let task = ClassificationTask("../../kind", classes: ["x", "y"])
    prediction.answers[0] = .init(
      task: task, logits: one.answers[0].logits, probabilities: one.answers[0].probabilities)
    try PredictionWriter(folder, tasks: [task], values: .logits, overwrite: false).write(prediction)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix("_logits.npy") })
    #expect(try NPYFile.read("\(folder)/\(name)").floats() == [0, 1, 2, 2])
    let error = #expect(throws: PluginError.self) {
      try PredictionWriter(folder, tasks: [task], values: .logits, overwrite: false)
    }
    #expect(error?.hint?.contains("--overwrite") == true)
    _ = try PredictionWriter(folder, tasks: [task], values: .logits, overwrite: true)
    #expect(throws: PluginError.self) {
      try PredictionWriter(
        folder + "-new", tasks: [ClassificationTask("a/b", classes: ["c"]), ClassificationTask("a_b", classes: ["c"])],
        values: .logits, overwrite: false)
    }
  }
}
