import SentryPluginAPI

extension LiveFrame {
  /// One line of `--jsonl`, and what a browser receives. Boxes are in pixels, times in seconds.
  package var json: JSONValue {
    ["frame": .integer(index), "time": .number(time), "instances": .array(sightings.map { $0.json(width, height) })]
  }
}

extension LiveFrame.Sighting {
  fileprivate func json(_ width: Int, _ height: Int) -> JSONValue {
    var members: [String: JSONValue] = [
      "kind": .string(what), "box": Prediction.Place(instance, width: width, height: height).json,
      "tasks": .object(
        Dictionary(answers.map { ($0.task.name, $0.json) }) { first, _ in first }),
    ]
    members["id"] = instance.id.map(JSONValue.integer)
    members["waiting"] = waiting.map { ["frames": .integer($0.have), "of": .integer($0.need)] }
    return .object(members)
  }
}

extension LiveFrame.Answer {
  fileprivate var json: JSONValue {
    [
      "class": .string(label),
      "probabilities": .object(
        Dictionary(zip(task.classes, probabilities.map(JSONValue.number))) { first, _ in first }),
    ]
  }
}
