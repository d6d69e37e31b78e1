import Glibc

/// The probabilities of logits, [rows][classes].
func softmax(_ logits: [Float], classes: Int) -> [Double] {
  stride(from: 0, to: logits.count, by: classes).flatMap { start in
    let row = logits[start..<(start + classes)].map(Double.init)
    let peak = row.max() ?? 0
    let odds = row.map { exp($0 - peak) }
    let sum = odds.reduce(0, +)
    return odds.map { $0 / sum }
  }
}

/// The place of the largest of the values, the first of several, counted from 0; 0 where there are none.
package func argmax<Values: RandomAccessCollection>(_ values: Values) -> Int where Values.Element: Comparable {
  var best = values.startIndex
  for index in values.indices where values[index] > values[best] { best = index }
  return values.distance(from: values.startIndex, to: best)
}
