import CSentryPlugin

extension [Instance] {
  /// Hands the instances over.
  /// - Parameter keypoints: how many each has, as the detector's description says.
  func fill(_ out: UnsafeMutablePointer<sentry_instances>, keypoints: Int) throws {
    if let odd = first(where: { $0.keypoints.count != keypoints }) {
      throw PluginError("an instance has \(odd.keypoints.count) keypoints, the description names \(keypoints)")
    }
    out.pointee.boxes =
      Tensor([count, 4], flatMap { [$0.box.x, $0.box.y, $0.box.width, $0.box.height] }).exported()
    out.pointee.scores = Tensor([count], map(\.score)).exported()
    if contains(where: { $0.id != nil }) {
      out.pointee.ids = Tensor([count], map { Int64($0.id ?? -1) }).exported()
    }
    if keypoints > 0 {
      let points = flatMap(\.keypoints)
      out.pointee.keypoints =
        Tensor([count, keypoints, 4], points.flatMap { [$0.x, $0.y, $0.z, $0.visibility] }).exported()
    }
    guard !isEmpty, allSatisfy({ $0.world.count == keypoints && keypoints > 0 }) else { return }
    out.pointee.world =
      Tensor([count, keypoints, 3], flatMap(\.world).flatMap { [$0.x, $0.y, $0.z] }).exported()
  }
}

/// Runs a call that finds instances, and takes them over.
/// - Parameter keypoints: how many each must have.
func foundInstances(
  by callee: Callee, keypoints: Int,
  _ call: (UnsafeMutablePointer<sentry_instances>, UnsafeMutablePointer<sentry_error>) -> sentry_status
) throws -> [Instance] {
  var found = sentry_instances()
  found.struct_size = UInt32(MemoryLayout<sentry_instances>.size)
  try callee.call("finding instances") { call(&found, $0) }
  // Every tensor is taken over before the first is looked at, so that none is left behind by an error.
  let slots = try [found.boxes, found.scores, found.ids, found.keypoints, found.world].map { slot in
    Result { try slot.map { try Tensor(adopting: $0) } }
  }.map { try $0.get() }
  guard let boxes = slots[0], let scores = slots[1] else {
    throw PluginError("the plugin reported success but returned no boxes or no scores")
  }
  let count = scores.count
  func values<Element: TensorElement>(_ tensor: Tensor, _ shape: [Int], _ what: String) throws -> [Element] {
    guard tensor.shape == shape else { throw PluginError("\(what) are \(tensor.shape), expected \(shape)") }
    return try tensor.array(of: Element.self)
  }
  let box: [Float] = try values(boxes, [count, 4], "the boxes of \(count) instances")
  let score: [Float] = try values(scores, [count], "the scores")
  let id: [Int64]? = try slots[2].map { try values($0, [count], "the ids") }
  let points: [Float] = try slots[3].map { try values($0, [count, keypoints, 4], "the keypoints") } ?? []
  let world: [Float] = try slots[4].map { try values($0, [count, keypoints, 3], "the keypoints in metres") } ?? []
  guard keypoints == 0 || count == 0 || !points.isEmpty else {
    throw PluginError("the plugin returned no keypoints, but its description names \(keypoints)")
  }
  guard box.allSatisfy(\.isFinite), score.allSatisfy(\.isFinite), points.allSatisfy(\.isFinite),
    world.allSatisfy(\.isFinite)
  else { throw PluginError("the plugin returned positions or scores that are not finite") }
  return (0..<count).map { at in
    let corner = 4 * at
    var instance = Instance(
      box: .init(x: box[corner], y: box[corner + 1], width: box[corner + 2], height: box[corner + 3]),
      score: score[at])
    if let number = id?[at], number >= 0 { instance.id = Int(number) }
    for point in at * keypoints..<(at + 1) * keypoints {
      let (first, place) = (4 * point, 3 * point)
      instance.keypoints.append(
        .init(x: points[first], y: points[first + 1], z: points[first + 2], visibility: points[first + 3]))
      if !world.isEmpty { instance.world.append(SIMD3(world[place], world[place + 1], world[place + 2])) }
    }
    return instance
  }
}
