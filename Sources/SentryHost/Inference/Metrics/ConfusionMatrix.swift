/// Samples by true and predicted class.
package struct ConfusionMatrix: Sendable, Equatable {
  package let classCount: Int
  /// [true, predicted], row by row.
  private(set) var counts: [Int]

  package init(classCount: Int) {
    (self.classCount, counts) = (classCount, [Int](repeating: 0, count: classCount * classCount))
  }

  package init(_ predictions: TaskPredictions) {
    self.init(classCount: predictions.classCount)
    for sample in predictions.truth.indices {
      if let truth = predictions.truth[sample] { add(truth: truth, predicted: predictions.predicted[sample]) }
    }
  }

  package mutating func add(truth: Int, predicted: Int) { counts[truth * classCount + predicted] += 1 }

  package subscript(truth: Int, predicted: Int) -> Int { counts[truth * classCount + predicted] }

  package var rows: [[Int]] { (0..<classCount).map { row in Array(counts[row * classCount..<(row + 1) * classCount]) } }
  package var total: Int { counts.reduce(0, +) }
  /// Samples of a class that were taken for it.
  func truePositives(_ label: Int) -> Int { self[label, label] }
  /// Samples of a class.
  func support(_ label: Int) -> Int { (0..<classCount).reduce(0) { $0 + self[label, $1] } }
  /// Samples that were taken for a class.
  func predictedCount(_ label: Int) -> Int { (0..<classCount).reduce(0) { $0 + self[$1, label] } }

  /// Each row as shares of its class's samples; nil for a class without samples.
  var normalisedRows: [[Double]?] {
    rows.map { row in
      let sum = row.reduce(0, +)
      return sum > 0 ? row.map { Double($0) / Double(sum) } : nil
    }
  }
}
