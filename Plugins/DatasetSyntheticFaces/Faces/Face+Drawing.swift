import SentryImaging

extension Face {
  /// The picture: size × size grey values, row by row.
  func drawn(size: Int) -> [UInt8] {
    var canvas = Canvas(size: size)
    var random = SplitMix64(seed: textureSeed)
    canvas.shade { _, place in
      let t = (place.x * light.direction.x + place.y * light.direction.y) / 0.7 + 0.5
      return light.backgroundFrom + (light.backgroundTo - light.backgroundFrom) * min(max(t, 0), 1)
    }
    let half = Float(size) / 2
    let softness = light.softness * Float(size) / 64
    let whole = Frame(centre: SIMD2(half, half), scale: half, turn: 0)
    for _ in 0..<4 {
      let blob = Ellipse(
        centre: SIMD2(random.draw(-1, 1), random.draw(-1, 1)),
        radii: SIMD2(random.draw(0.1, 0.6), random.draw(0.1, 0.6)))
      let level = random.draw(0, 255)
      canvas.paint(blob, in: whole, softness: softness) { _ in level }
    }
    let frame = Frame(
      centre: SIMD2(half, half) * (1 + pose.shift), scale: half * pose.scale, turn: pose.roll)
    drawHead(on: &canvas, frame, softness)
    drawEyes(on: &canvas, frame, softness)
    drawMouth(on: &canvas, frame, softness)
    let gain = light.gain
    canvas.shade { level, _ in
      // The sum of four uniform bytes of one draw is near enough to a normal distribution.
      let bits = random.next()
      let sum = Float(bits & 255) + Float(bits >> 8 & 255) + Float(bits >> 16 & 255) + Float(bits >> 24 & 255)
      return level * gain + (sum / 510 - 1) * light.noise
    }
    return canvas.bytes
  }

  private func drawHead(on canvas: inout Canvas, _ frame: Frame, _ softness: Float) {
    let head = Ellipse(centre: .zero, radii: SIMD2(look.headWidth, 1))
    let hair = Ellipse(centre: SIMD2(0, -0.12), radii: SIMD2(look.headWidth + 0.1, 1))
    canvas.paint(hair, in: frame, softness: softness) { _ in look.hair }
    canvas.paint(head, in: frame, softness: softness) { place in
      look.skin * (1 + (light.direction * place).sum())
    }
    let fringe = Intersection(first: head, second: HalfPlane(normal: SIMD2(0, 1), offset: look.hairline))
    canvas.paint(fringe, in: frame, softness: softness) { _ in look.hair }
    if look.beard {
      let beard = Intersection(first: head, second: HalfPlane(normal: SIMD2(0, -1), offset: -0.28 - pose.gaze.y))
      canvas.paint(beard, in: frame, softness: 4 * softness, opacity: 0.35) { _ in look.hair }
    }
  }

  private func drawEyes(on canvas: inout Canvas, _ frame: Frame, _ softness: Float) {
    for side: Float in [-1, 1] {
      let centre = SIMD2(side * look.eyeDistance, -0.12) + pose.gaze
      let eye = Ellipse(centre: centre, radii: SIMD2(look.eyeWidth, expression.eyeOpening))
      let iris = Ellipse(centre: centre + pose.gaze * 0.4, radii: SIMD2(0.07, 0.07))
      canvas.paint(eye, in: frame, softness: softness) { _ in look.eyes }
      canvas.paint(Intersection(first: iris, second: eye), in: frame, softness: softness) { _ in look.iris }
      if look.glasses {
        let rim = Ellipse(centre: centre, radii: SIMD2(0.25, 0.23))
        canvas.paint(Outline(body: rim, thickness: 0.045), in: frame, softness: softness) { _ in look.hair }
      }
      let height = -0.40 - expression.browRaise
      let slant = expression.browSlant / 2
      let inner = SIMD2(side * (look.eyeDistance - 0.18), height - slant) + pose.gaze
      let outer = SIMD2(side * (look.eyeDistance + 0.18), height + slant) + pose.gaze
      canvas.paint(
        Stroke(from: inner, to: outer, sag: -0.03 * side, thickness: look.browThickness), in: frame, softness: softness
      ) { _ in look.brows }
    }
    let bridge = SIMD2(0, 0.02) + pose.gaze
    canvas.paint(
      Stroke(from: bridge, to: bridge + SIMD2(pose.gaze.x * 0.5, look.noseLength), sag: 0, thickness: 0.06), in: frame,
      softness: 2 * softness, opacity: 0.5
    ) { _ in look.lips }
  }

  private func drawMouth(on canvas: inout Canvas, _ frame: Frame, _ softness: Float) {
    let (width, opening, smile) = (expression.mouthWidth, expression.mouthOpening, expression.smile)
    let centre = SIMD2(0, 0.48) + pose.gaze
    let inside = look.teeth ? look.lips + (look.lips > 127 ? -70 : 70) : look.mouth
    guard opening < width / 2 else {
      let ring = Ellipse(centre: centre, radii: SIMD2(width, opening))
      canvas.paint(ring, in: frame, softness: softness) { _ in inside }
      canvas.paint(Outline(body: ring, thickness: look.lipThickness), in: frame, softness: softness) { _ in look.lips }
      return
    }
    let middle = centre - SIMD2(0, smile / 2)
    if opening > 0.02 {
      let lens = Lens(centre: middle, half: width, sag: smile, opening: opening)
      canvas.paint(lens, in: frame, softness: softness) { _ in inside }
    }
    let corner = SIMD2(width, 0)
    for sag in opening > 0.02 ? [smile - opening, smile + opening] : [smile] {
      let lip = Stroke(from: middle - corner, to: middle + corner, sag: sag, thickness: look.lipThickness)
      canvas.paint(lip, in: frame, softness: softness) { _ in look.lips }
    }
  }
}
