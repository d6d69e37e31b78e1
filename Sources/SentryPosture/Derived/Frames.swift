/// Features over time, frame by frame.
public struct Frames: Sendable {
  public let width: Int
  public private(set) var values: [Float] = []

  public init(width: Int) { self.width = width }

  public var count: Int { width > 0 ? values.count / width : 0 }

  public subscript(frame: Int, column: Int) -> Float { values[frame * width + column] }

  /// `row` has ``width`` values.
  public mutating func append(_ row: some Collection<Float>) { values.append(contentsOf: row) }

  public func slice(_ range: Range<Int>) -> Frames {
    var part = Frames(width: width)
    part.append(values[(range.lowerBound * width)..<(range.upperBound * width)])
    return part
  }

  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}
