/// Red, green and blue, 0…255.
public struct Colour: Equatable, Sendable {
  public var red, green, blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  public static let white = Colour(255, 255, 255)
  public static let black = Colour(0, 0, 0)

  /// One of eight colours that people with any colour vision tell apart; equal numbers have equal colours.
  ///
  /// Source: M. Okabe and K. Ito, "Color Universal Design", 2008.
  public static func palette(_ index: Int) -> Colour { okabeIto[(index % okabeIto.count + okabeIto.count) % okabeIto.count] }

  private static let okabeIto = [
    Colour(230, 159, 0), Colour(86, 180, 233), Colour(0, 158, 115), Colour(240, 228, 66), Colour(0, 114, 178),
    Colour(213, 94, 0), Colour(204, 121, 167), Colour(255, 255, 255),
  ]
}
