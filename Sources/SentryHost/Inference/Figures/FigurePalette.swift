/// Colours that carry data, all told apart by those who are colour-blind.
enum FigurePalette {
  /// Okabe and Ito, Color Universal Design, 2008; without black and yellow, which vanish on one of the two backgrounds.
  static let lines: [FigureColor] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9]

  /// Colour and dash type of the series at `index`: colours come again with another dash.
  static func line(_ index: Int) -> (color: FigureColor, dash: Int) {
    (lines[index % lines.count], index / lines.count % 5 + 1)
  }

  /// Cividis (Nuñez, Anderton and Renslow 2018), from low to high.
  static let cividis: [FigureColor] = [
    0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838,
  ]
  /// The share of the scale from which on dark text reads better than light text.
  static let darkTextFrom = 0.46

  static var gnuplot: GnuplotCommand {
    let steps = cividis.enumerated().map { step -> GnuplotCommand in "\(step.offset) \(step.element)" }
    return "set palette defined (\(steps))"
  }
}
