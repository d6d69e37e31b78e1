/// Two rows of sixteen columns of a product, while its sums grow.
private struct Pair {
  var (first, second): (Lanes, Lanes)

  @inline(__always) init(_ c: Target, _ cRow: Int, _ adding: Bool) {
    (first, second) = adding ? (load(c), load(c + cRow)) : (Lanes(repeating: 0), Lanes(repeating: 0))
  }

  @inline(__always) mutating func add(_ a: Source, _ aRow: Int, _ b: Lanes) {
    first = fused(Lanes(repeating: a[0]), b, first)
    second = fused(Lanes(repeating: a[aRow]), b, second)
  }

  @inline(__always) func put(_ c: Target, _ cRow: Int) {
    store(first, c)
    store(second, c + cRow)
  }
}

/// c [rows][columns] = (adding: c +) a · b. Six rows of sixteen columns at a time: twelve of AVX2's sixteen registers hold sums.
func product(
  _ rows: Int, _ columns: Int, _ depth: Int, _ a: Source, _ aRow: Int, _ aDepth: Int, _ b: Source, _ bRow: Int,
  _ bGroup: Int, _ c: Target, _ cRow: Int, _ adding: CInt
) {
  let (adding, pair) = (adding != 0, 2 * cRow)
  var column = 0
  while column < columns {
    var row = 0
    while row < rows {
      var (left, right, k) = (a + row * aRow, b + column / 16 * bGroup, 0)
      let target = c + row * cRow + column
      let rest = rows - row
      if rest >= 6, rest != 8 {
        var first = Pair(target, cRow, adding)
        var second = Pair(target + pair, cRow, adding)
        var third = Pair(target + 2 * pair, cRow, adding)
        while k < depth {
          let lanes = load(right)
          first.add(left, aRow, lanes)
          second.add(left + 2 * aRow, aRow, lanes)
          third.add(left + 4 * aRow, aRow, lanes)
          left += aDepth
          right += bRow
          k += 1
        }
        first.put(target, cRow)
        second.put(target + pair, cRow)
        third.put(target + 2 * pair, cRow)
        row += 6
      } else if rest >= 4 {
        var first = Pair(target, cRow, adding)
        var second = Pair(target + pair, cRow, adding)
        while k < depth {
          let lanes = load(right)
          first.add(left, aRow, lanes)
          second.add(left + 2 * aRow, aRow, lanes)
          left += aDepth
          right += bRow
          k += 1
        }
        first.put(target, cRow)
        second.put(target + pair, cRow)
        row += 4
      } else {
        // The last row stands in for one that is not there.
        let (aRow, cRow) = rest > 1 ? (aRow, cRow) : (0, 0)
        var pair = Pair(target, cRow, adding)
        while k < depth {
          pair.add(left, aRow, load(right))
          left += aDepth
          right += bRow
          k += 1
        }
        pair.put(target, cRow)
        row += 2
      }
    }
    column += 16
  }
}
