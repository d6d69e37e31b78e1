import CSentryKernels

/// Outputs of a window of 3, stride 2, padding 1.
@inline(__always) private func pooled(_ length: Int) -> Int { (length - 1) / 2 + 1 }

func normReluMaxPool(
  _ height: Int, _ width: Int, _ channels: Int, _ x: Source, _ scale: Source, _ shift: Source, _ out: sentry_view,
  _ index: UnsafeMutablePointer<Int32>
) {
  let (rows, columns, groups) = (pooled(height), pooled(width), channels / 16)
  var pixel = 0
  while pixel < rows * columns {
    let (top, left) = (pixel / columns * 2 - 1, pixel % columns * 2 - 1)
    var group = 0
    while group < groups {
      let channel = group * 16
      let (s, h) = (load(scale + channel), load(shift + channel))
      var best = Lanes(repeating: -Float.infinity)
      var place = SIMD16<Int32>(repeating: 0)
      var position = 0
      while position < 9 {
        let (y, z) = (top + position / 3, left + position % 3)
        if y >= 0 && y < height && z >= 0 && z < width {
          let offset = (y * width + z) * channels + channel
          let value = fused(load(x + offset), s, h)
          // A NaN wins and stays, as in PyTorch: "not smaller or equal".
          let larger = .!(value .<= best)
          best = best.replacing(with: value, where: larger)
          place = place.replacing(with: SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: position)), where: larger)
        }
        position += 1
      }
      store(relu(best), out.data + pixel * out.pixel + group * out.group)
      UnsafeMutableRawPointer(index + pixel * channels + channel).storeBytes(of: place, as: SIMD16<Int32>.self)
      group += 1
    }
    pixel += 1
  }
}

func maxPoolGradient(
  _ height: Int, _ width: Int, _ channels: Int, _ first: Int, _ last: Int, _ dout: Source,
  _ index: UnsafePointer<Int32>, _ dx: Target
) {
  let (rows, columns) = (pooled(height), pooled(width))
  var y = first
  while y < last {
    var z = 0
    while z < width {
      let target = dx + ((y - first) * width + z) * channels
      // The windows that hold (y, z): rows y/2 ... (y+1)/2, columns alike.
      let (top, bottom) = (y / 2, smaller((y + 1) / 2, rows - 1))
      let (left, right) = (z / 2, smaller((z + 1) / 2, columns - 1))
      var channel = 0
      while channel < channels {
        var total = Lanes(repeating: 0)
        var row = top
        while row <= bottom {
          var column = left
          while column <= right {
            let code = Int32(truncatingIfNeeded: (y - 2 * row + 1) * 3 + (z - 2 * column + 1))
            let offset = (row * columns + column) * channels + channel
            let chosen = UnsafeRawPointer(index + offset).loadUnaligned(as: SIMD16<Int32>.self) .== code
            total += Lanes(repeating: 0).replacing(with: load(dout + offset), where: chosen)
            column += 1
          }
          row += 1
        }
        store(total, target + channel)
        channel += 16
      }
      z += 1
    }
    y += 1
  }
}
