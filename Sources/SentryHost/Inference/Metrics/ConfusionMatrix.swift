/// Samples by true and predicted class.
///
/// Its margins are kept beside it, and of many classes only the cells that are not 0: nothing but ``rows`` grows with the square of
/// the number of classes.
package struct ConfusionMatrix: Sendable, Equatable {
  package let classCount: Int
  /// [true, predicted], row by row; empty where there are many classes.
  private var dense: [Int]
  /// The cells of many classes by their place, row by row.
  private var sparse: [Int: Int] = [:]
  private var supports, answers: [Int]
  package private(set) var total = 0

  /// More classes than these are many.
  package static let mostDense = 200

  package init(classCount: Int) {
    self.classCount = classCount
    dense = [Int](repeating: 0, count: classCount <= Self.mostDense ? classCount * classCount : 0)
    supports = [Int](repeating: 0, count: classCount)
    answers = supports
  }

  package init(_ predictions: TaskPredictions) {
    self.init(classCount: predictions.classCount)
    for sample in predictions.truth.indices {
      if let truth = predictions.truth[sample] { add(truth: truth, predicted: predictions.predicted[sample]) }
    }
  }

  package mutating func add(truth: Int, predicted: Int) {
    let place = truth * classCount + predicted
    if dense.isEmpty { sparse[place, default: 0] += 1 } else { dense[place] += 1 }
    supports[truth] += 1
    answers[predicted] += 1
    total += 1
  }

  package subscript(truth: Int, predicted: Int) -> Int {
    let place = truth * classCount + predicted
    return dense.isEmpty ? sparse[place] ?? 0 : dense[place]
  }

  package var rows: [[Int]] { (0..<classCount).map { truth in (0..<classCount).map { self[truth, $0] } } }

  /// The cells that are not 0, row by row.
  var cells: [(truth: Int, predicted: Int, count: Int)] {
    let places = dense.isEmpty ? sparse.keys.sorted() : dense.indices.filter { dense[$0] > 0 }
    return places.map { place in
      let (truth, predicted) = place.quotientAndRemainder(dividingBy: classCount)
      return (truth, predicted, self[truth, predicted])
    }
  }

  /// Samples of a class that were taken for it.
  func truePositives(_ label: Int) -> Int { self[label, label] }
  /// Samples of a class.
  func support(_ label: Int) -> Int { supports[label] }
  /// Samples that were taken for a class.
  func predictedCount(_ label: Int) -> Int { answers[label] }

  /// Each row as shares of its class's samples; nil for a class without samples.
  var normalisedRows: [[Double]?] {
    rows.map { row in
      let sum = row.reduce(0, +)
      return sum > 0 ? row.map { Double($0) / Double(sum) } : nil
    }
  }
}
