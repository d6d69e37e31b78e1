/// Colours that carry data, all told apart by those who are colour-blind.
enum FigurePalette {
  /// Okabe and Ito, Color Universal Design, 2008; without black and yellow, which vanish on one of the two backgrounds.
  static let lines = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

  /// Colour and dash type of the series at `index`: colours come again with another dash.
  static func line(_ index: Int) -> (color: String, dash: Int) {
    (lines[index % lines.count], index / lines.count % 5 + 1)
  }

  /// Cividis (Nuñez, Anderton and Renslow 2018), from low to high.
  static let cividis = [
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
  ]
  /// The share of the scale from which on dark text reads better than light text.
  static let darkTextFrom = 0.46

  static var gnuplot: String {
    let steps = cividis.enumerated().map { "\($0.offset) '\($0.element)'" }.joined(separator: ", ")
    return "set palette defined (\(steps))"
  }
}
