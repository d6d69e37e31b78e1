import SentryPluginAPI
import SentryRuntime

extension Prediction {
  /// What is printed, in order: samples, and pictures without one.
  enum Row {
    case sample(Int)
    case without(Int)

    func name(in prediction: Prediction) -> String {
      switch self {
      case .sample(let sample): prediction.names[sample]
      case .without(let number): prediction.without[number].name
      }
    }
  }

  var rows: [Row] {
    var rows: [Row] = []
    var next = 0
    for sample in 0...names.count {
      while next < without.count, without[next].position == sample {
        rows.append(.without(next))
        next += 1
      }
      if sample < names.count { rows.append(.sample(sample)) }
    }
    return rows
  }

  func place(of sample: Int) -> Place? { places.isEmpty ? nil : places[sample] }

  /// What is said of a picture without an instance.
  var nothing: String { "no \(sought ?? "instance") found" }
}

extension Prediction.Place {
  static let columns = ["box_x", "box_y", "box_width", "box_height", "box_score"]

  init(_ instance: Instance, width: Int, height: Int) {
    let box = instance.box
    self.init(
      x: Double(box.x) * Double(width), y: Double(box.y) * Double(height), width: Double(box.width) * Double(width),
      height: Double(box.height) * Double(height), score: Double(instance.score))
  }

  var json: JSONValue {
    ["x": .number(x), "y": .number(y), "width": .number(width), "height": .number(height), "score": .number(score)]
  }

  var cells: [String] { [x, y, width, height].map { NumberText.fixed($0, 1) } + [NumberText.fixed(score, 3)] }

  func text(_ what: String) -> String {
    "\(what) \(NumberText.fixed(score, 2)) at \(Int(x.rounded())),\(Int(y.rounded())), "
      + "\(Int(width.rounded()))×\(Int(height.rounded())) pixels"
  }
}
