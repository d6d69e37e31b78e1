import CSentryKernels

typealias Four = (Lanes, Lanes, Lanes, Lanes)
typealias Six = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

@inline(__always) private func scaled(_ factor: Float, _ x: Lanes, _ y: Lanes) -> Lanes {
  fused(Lanes(repeating: factor), x, y)
}

// Winograd's F(4, 3) along one dimension, at the points 0, ±a, ±b and ∞ (Lavin and Gray 2016). a = 5/8 and b = 3/2 are
// oneDNN's: their powers are exact in binary, and rounding costs less than at the usual 1 and 2.

private var a: Float { @inline(__always) get { 0.625 } }
private var b: Float { @inline(__always) get { 1.5 } }

/// Six inputs to six points.
@inline(__always) func winogradInput(_ d: Six) -> Six {
  let (u, t) = (scaled(-b * b, d.1, d.3), scaled(-b * b, d.2, d.4))
  let (v, s) = (scaled(-a * a, d.1, d.3), scaled(-a * a, d.2, d.4))
  // x⁴ − (a² + b²) x² + a² b², and the same times x.
  let first = scaled(a * a * b * b, d.0, scaled(-(a * a + b * b), d.2, d.4))
  let last = scaled(a * a * b * b, d.1, scaled(-(a * a + b * b), d.3, d.5))
  return (first, scaled(a, u, t), scaled(-a, u, t), scaled(b, v, s), scaled(-b, v, s), last)
}

/// Six points to four outputs.
@inline(__always) func winogradOutput(_ m: Six) -> Four {
  let (s, d) = (m.1 + m.2, m.1 - m.2)
  let (t, e) = (m.3 + m.4, m.3 - m.4)
  return (
    m.0 + s + t, scaled(b, e, d * a), scaled(b * b, t, s * (a * a)), scaled(b * b * b, e, scaled(a * a * a, d, m.5))
  )
}

/// Its transpose: gradients of four outputs to those of six points.
@inline(__always) func winogradOutputGradient(_ y: Four) -> Six {
  let (r, q) = (scaled(a * a, y.2, y.0), scaled(a * a, y.3, y.1))
  let (s, t) = (scaled(b * b, y.2, y.0), scaled(b * b, y.3, y.1))
  return (y.0, scaled(a, q, r), scaled(-a, q, r), scaled(b, t, s), scaled(-b, t, s), y.3)
}

/// What the weights carry: 1 / Π (pᵢ − pⱼ).
private var n0: Float { @inline(__always) get { 1 / (a * a * b * b) } }
private var na: Float { @inline(__always) get { 1 / (2 * a * a * (a * a - b * b)) } }
private var nb: Float { @inline(__always) get { 1 / (2 * b * b * (b * b - a * a)) } }

/// Three weights to six points.
@inline(__always) func winogradWeights(_ g: (Lanes, Lanes, Lanes)) -> Six {
  let (p, q) = (scaled(a * a, g.2, g.0) * na, g.1 * (a * na))
  let (s, t) = (scaled(b * b, g.2, g.0) * nb, g.1 * (b * nb))
  return (g.0 * n0, p + q, p - q, s + t, s - t, g.2)
}

/// Its transpose: gradients of six points to those of three weights.
@inline(__always) func winogradWeightsGradient(_ u: Six) -> (Lanes, Lanes, Lanes) {
  let (s, d) = ((u.1 + u.2) * na, (u.1 - u.2) * na)
  let (t, e) = ((u.3 + u.4) * nb, (u.3 - u.4) * nb)
  return (scaled(n0, u.0, s + t), scaled(a, d, e * b), scaled(a * a, s, scaled(b * b, t, u.5)))
}
