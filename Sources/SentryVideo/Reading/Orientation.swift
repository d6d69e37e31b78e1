import CFFmpeg
import SentryImaging

/// How a stored frame has to be turned to be upright: what a phone writes as the display matrix.
struct Orientation: Equatable {
  /// Quarter turns clockwise, after the mirroring.
  var quarterTurns = 0
  /// Left and right change places.
  var isMirrored = false

  static let upright = Orientation()

  /// - Parameter matrix: nine numbers, of which the first two of the first two rows turn; a turn between the quarters is left as it is,
  ///   and so is a matrix that only scales.
  init(matrix: UnsafePointer<Int32>) {
    // A stored point (x, y), y down, is shown at (a x + c y, b x + d y).
    let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
    switch (a.signum(), b.signum(), c.signum(), d.signum()) {
    case (0, 1, -1, 0): quarterTurns = 1
    case (-1, 0, 0, -1): quarterTurns = 2
    case (0, -1, 1, 0): quarterTurns = 3
    case (-1, 0, 0, 1): isMirrored = true
    case (0, -1, -1, 0): (isMirrored, quarterTurns) = (true, 1)
    case (1, 0, 0, -1): (isMirrored, quarterTurns) = (true, 2)
    case (0, 1, 1, 0): (isMirrored, quarterTurns) = (true, 3)
    default: break
    }
  }

  init() {}

  /// Width and height change places.
  var isSideways: Bool { quarterTurns % 2 == 1 }

  /// Of side data that hold such a matrix.
  init?(sideData: UnsafeMutablePointer<UInt8>?, count: Int) {
    guard let sideData, count >= 9 * MemoryLayout<Int32>.size else { return nil }
    let matrix = (0..<9).map {
      UnsafeRawPointer(sideData).loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)
    }
    self = matrix.withUnsafeBufferPointer { $0.baseAddress.map(Orientation.init(matrix:)) ?? .upright }
  }
}
