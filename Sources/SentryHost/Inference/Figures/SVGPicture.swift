/// What gnuplot draws as SVG, as it is shown and kept.
enum SVGPicture {
  /// Gives the picture its own title in place of gnuplot's, leaves out those of its parts, which are pieces of the script, and names
  /// fonts that other systems have, too.
  static func finished(_ svg: [UInt8], title: String) -> [UInt8] {
    let (open, close) = (Array("<title>".utf8), Array("</title>".utf8))
    var (finished, rest, isFirst) = ([UInt8](), svg[...], true)
    while let start = rest.firstRange(of: open), let end = rest[start.upperBound...].firstRange(of: close) {
      finished += rest[..<start.lowerBound]
      if isFirst { finished += open + Array(Markup.escaped(title).utf8) + close }
      (rest, isFirst) = (rest[end.upperBound...], false)
    }
    let text = String(decoding: finished + rest, as: UTF8.self)
    let family = "font-family=\"DejaVu Sans, Verdana, sans-serif\""
    // Gnuplot's SVG takes a bold font for a family of that name.
    return Array(
      text.replacing("font-family=\"DejaVu Sans\"", with: family)
        .replacing("font-family=\"DejaVu Sans:Bold\"", with: "\(family) font-weight=\"bold\"").utf8)
  }
}
