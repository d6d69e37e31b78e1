import SentryPluginAPI

/// Who of those in the frames is followed.
package enum PersonRule: Sendable, Equatable, CustomStringConvertible {
  /// Who has the largest box in the second after the first sight; out of sight for longer than the gap, the choice is made again.
  case largest
  case all
  /// The one whom the detector gives this number.
  case id(Int)

  package var description: String {
    switch self {
    case .largest: "largest"
    case .all: "all"
    case .id(let id): "\(id)"
    }
  }

  /// Whether the detector has to tell one from the other.
  var needsTracking: Bool { self != .largest }
}

/// Leaves in each frame those who are followed.
struct PersonChoice {
  private let rule: PersonRule
  private let gap: Double
  private var chosen: Int?
  private var seen = 0.0
  /// Frames of the second after which the largest is chosen, without their images.
  private var waiting: [Observation] = []
  /// Numbers of others than the one who is asked for, the first few.
  private(set) var others: Set<Int> = []
  private static let mostOthers = 8

  /// Seconds.
  static let choosing = 1.0

  /// - Parameter gap: the longest time out of sight, in seconds.
  init(_ rule: PersonRule, gap: Double) { (self.rule, self.gap) = (rule, gap) }

  var isChoosing: Bool { !waiting.isEmpty }

  /// - Returns: the frames, in order, about which this one decides.
  mutating func next(_ frame: Observation) -> [Observation] {
    switch rule {
    case .all: return [frame]
    case .id(let id):
      if others.count < Self.mostOthers { others.formUnion(frame.instances.compactMap(\.id).filter { $0 != id }) }
      return [frame.keeping { $0.id == id }]
    case .largest: break
    }
    if let chosen {
      let kept = frame.keeping(key: chosen)
      if !kept.instances.isEmpty { seen = frame.time }
      if frame.isSkipped || frame.time - seen <= gap { return [kept] }
      self.chosen = nil
    }
    if waiting.isEmpty, frame.instances.isEmpty { return [frame] }
    waiting.append(frame)
    return frame.time - waiting[0].time < Self.choosing ? [] : decide()
  }

  mutating func finish() -> [Observation] { decide() }

  private mutating func decide() -> [Observation] {
    var best: (key: Int, area: Float)?
    for instance in waiting.flatMap(\.instances) where instance.area > best?.area ?? -1 {
      best = (instance.key, instance.area)
    }
    defer { waiting = [] }
    guard let best else { return waiting.map { frame in frame.keeping { _ in false } } }
    chosen = best.key
    let kept = waiting.map { $0.keeping(key: best.key) }
    seen = kept.last { !$0.instances.isEmpty }?.time ?? seen
    return kept
  }
}

extension Observation {
  fileprivate func keeping(_ isKept: (Instance) -> Bool) -> Observation {
    var kept = self
    kept.instances = instances.filter(isKept)
    return kept
  }

  /// The instance of a key, the largest of several.
  fileprivate func keeping(key: Int) -> Observation {
    var kept = keeping { $0.key == key }
    if kept.instances.count > 1 { kept.instances = kept.instances.max { $0.area < $1.area }.map { [$0] } ?? [] }
    return kept
  }
}
