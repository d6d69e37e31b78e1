import CSentryKernels

func imageSum(_ pixels: Int, _ channels: Int, _ x: Source, _ weight: Float, _ out: Target) {
  var channel = 0
  while channel < channels {
    var (source, pixel, total) = (x + channel, 0, HalfLanes(repeating: 0))
    while pixel < pixels {
      total += loadHalf(source)
      source += channels
      pixel += 1
    }
    store(total * weight, out + channel)
    channel += 8
  }
}

func imageProductSum(_ pixels: Int, _ channels: Int, _ d: Source, _ x: Source, _ out: Target) {
  var channel = 0
  while channel < channels {
    var (offset, pixel, total) = (channel, 0, HalfLanes(repeating: 0))
    while pixel < pixels {
      total = fused(loadHalf(d + offset), loadHalf(x + offset), total)
      offset += channels
      pixel += 1
    }
    store(total, out + channel)
    channel += 8
  }
}

func imageScaleShift(_ pixels: Int, _ channels: Int, _ x: Source, _ scale: Source, _ shift: Source, _ out: Target) {
  var (offset, pixel) = (0, 0)
  while pixel < pixels {
    var channel = 0
    while channel < channels {
      let value = fused(loadHalf(x + offset + channel), loadHalf(scale + channel), loadHalf(shift + channel))
      store(value, out + offset + channel)
      channel += 8
    }
    offset += channels
    pixel += 1
  }
}
