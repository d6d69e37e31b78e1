import CSentryKernels

func add(_ count: Int, _ source: Source, _ destination: Target) {
  var index = 0
  while index + 16 <= count {
    store(load(source + index) + load(destination + index), destination + index)
    index += 16
  }
  while index < count {
    destination[index] += source[index]
    index += 1
  }
}

@inline(__always) func convert<A: Element>(_: A.Type, _ count: Int, _ source: Source, _ destination: Stored) {
  var index = 0
  while index + 16 <= count {
    A.store(load(source + index), destination, index)
    index += 16
  }
  // The last sixteen end where the source ends; some are written twice.
  if index < count { A.store(load(source + count - 16), destination, count - 16) }
}

func sumOfSquares(_ count: Int, _ x: Source) -> Double {
  var result = 0.0
  var index = 0
  while index < count {
    let end = smaller(index + 16 * flushInterval, count)
    var lanes = Lanes(repeating: 0)
    while index + 16 <= end {
      let value = load(x + index)
      lanes = fused(value, value, lanes)
      index += 16
    }
    var lane = 0
    while lane < 16 {
      result += Double(lanes[lane])
      lane += 1
    }
    while index < end {
      result += Double(x[index]) * Double(x[index])
      index += 1
    }
  }
  return result
}
