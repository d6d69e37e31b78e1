import COpenCV

extension Image {
  /// The picture mirrored (left and right change places) where asked for, and then turned clockwise by `quarters` of a turn.
  public func turned(quarters: Int, mirrored: Bool = false) throws(ImagingError) -> Image {
    let quarters = (quarters % 4 + 4) % 4
    guard quarters != 0 || mirrored else { return self }
    let isSideways = quarters % 2 == 1
    return try filtered("turning", width: isSideways ? height : width, height: isSideways ? width : height) {
      source, target, message, size in
      sentry_cv_turn(source, target, Int32(quarters), mirrored ? 1 : 0, message, size)
    }
  }
}
