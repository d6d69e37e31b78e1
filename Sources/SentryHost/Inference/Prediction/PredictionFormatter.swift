import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// What `predict` prints.
package enum PredictionFormatter {
  package enum Form { case lines, json, csv, tables }

  package static func text(_ prediction: Prediction, _ form: Form) throws -> String {
    switch form {
    case .lines: lines(prediction)
    case .json: try json(prediction)
    case .csv: csv(prediction)
    case .tables: tables(prediction)
    }
  }

  /// A line for each sample: the class of each task with its probability.
  private static func lines(_ prediction: Prediction) -> String {
    let isOne = prediction.answers.count == 1
    return prediction.rows.map { row in
      guard case .sample(let sample) = row else { return "\(row.name(in: prediction)): \(prediction.nothing)\n" }
      let answers = prediction.answers.map { answers in
        let best = answers.predicted(at: sample)
        let place = answers.row(of: sample).lowerBound + best
        return (isOne ? "" : "\(answers.task.name) ") + answers.task.classes[best] + " "
          + NumberText.fixed(answers.probabilities[place], 3)
          + (answers.deviations.map { " ± \(NumberText.fixed($0[place], 3))" } ?? "")
      }
      let place = prediction.place(of: sample).map { " (\($0.text(prediction.sought ?? "")))" } ?? ""
      return "\(prediction.names[sample]): \(answers.joined(separator: ", "))\(place)\n"
    }.joined()
  }

  private static func json(_ prediction: Prediction) throws -> String {
    let samples = prediction.rows.map { row -> JSONValue in
      guard case .sample(let sample) = row else {
        return ["file": .string(row.name(in: prediction)), "note": .string(prediction.nothing), "tasks": [:]]
      }
      var tasks: [String: JSONValue] = [:]
      for answers in prediction.answers {
        let row = answers.row(of: sample)
        func byClass(_ values: [Double]) -> JSONValue {
          .object(Dictionary(zip(answers.task.classes, values[row].map(JSONValue.number))) { first, _ in first })
        }
        var members: [String: JSONValue] = [
          "class": .string(answers.task.classes[answers.predicted(at: sample)]),
          "probabilities": byClass(answers.probabilities),
        ]
        members["deviations"] = answers.deviations.map(byClass)
        tasks[answers.task.name] = .object(members)
      }
      var members: [String: JSONValue] = ["file": .string(prediction.names[sample]), "tasks": .object(tasks)]
      members["box"] = prediction.place(of: sample)?.json
      return .object(members)
    }
    return try JSON.text(JSONValue.array(samples), pretty: true) + "\n"
  }

  /// The columns of an evaluation's predictions.csv, without what is true.
  static func csv(_ prediction: Prediction) -> String {
    let isOne = prediction.answers.count == 1
    let hasPlaces = prediction.sought != nil
    var header = ["sample"] + (hasPlaces ? Prediction.Place.columns : [])
    for answers in prediction.answers {
      let prefix = isOne ? "" : "\(answers.task.name)_"
      header.append("\(prefix)predicted")
      header += answers.task.classes.map { "\(prefix)p_\($0)" }
      if answers.deviations != nil { header += answers.task.classes.map { "\(prefix)sd_\($0)" } }
    }
    var text = CSVText.row(header)
    for row in prediction.rows {
      var cells = [row.name(in: prediction)]
      guard case .sample(let sample) = row else {
        text += CSVText.row(cells + Array(repeating: "", count: header.count - 1))
        continue
      }
      if hasPlaces {
        cells += prediction.place(of: sample)?.cells ?? Prediction.Place.columns.map { _ in "" }
      }
      for answers in prediction.answers {
        let row = answers.row(of: sample)
        cells.append(answers.task.classes[answers.predicted(at: sample)])
        cells += (answers.probabilities[row] + (answers.deviations?[row] ?? [])).map { "\($0)" }
      }
      text += CSVText.row(cells)
    }
    return text
  }

  /// A table for each task, in single precision.
  private static func tables(_ prediction: Prediction) -> String {
    prediction.answers.map { answers in
      let classes = answers.task.classes
      let header =
        ["sample", "task", "predicted"] + classes.map { "p_\($0)" }
        + (answers.deviations == nil ? [] : classes.map { "sd_\($0)" })
      return CSVText.row(header)
        + prediction.names.enumerated().map { sample, name in
          let row = answers.row(of: sample)
          let numbers = answers.probabilities[row] + (answers.deviations?[row] ?? [])
          return CSVText.row(
            [name, answers.task.name, classes[answers.predicted(at: sample)]] + numbers.map { "\(Float($0))" })
        }.joined()
    }.joined()
  }
}
