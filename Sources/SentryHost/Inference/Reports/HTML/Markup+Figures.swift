import FoundationEssentials

extension Markup {
  /// Pictures inside the page, each for light and dark.
  static func figures(_ pictures: [RenderedFigure]) -> Markup {
    guard !pictures.isEmpty else { return "" }
    let figures: [Markup] = pictures.map { picture in
      let figure = picture.figure
      let style: Markup = figure.isWide ? " class=\"whole\(picture.narrow == nil ? " scrolled" : "")\"" : ""
      let dark: Markup = picture.dark.map { source(.isDark, $0, figure) } ?? ""
      let narrow: Markup =
        picture.narrow.map {
          "\(source(.isNarrowAndDark, $0.dark, $0.figure))\(source(.isNarrow, $0.light, $0.figure))"
        } ?? ""
      return """
        <figure\(style)><picture>\(narrow)\(dark)<img src="\(address(picture.light))" width="\(figure.width)" \
        height="\(figure.height)" alt="\(figure.title)"></picture></figure>

        """
    }
    return "<div class=\"figures\">\n\(figures)</div>\n"
  }

  /// When another picture serves.
  private enum Case {
    case isDark, isNarrow, isNarrowAndDark

    var media: Markup {
      switch self {
      case .isDark: "(prefers-color-scheme: dark)"
      case .isNarrow: "\(ReportPage.narrow)"
      case .isNarrowAndDark: "\(ReportPage.narrow) and (prefers-color-scheme: dark)"
      }
    }
  }

  private static func source(_ situation: Case, _ image: RenderedFigure.Image, _ figure: Figure) -> Markup {
    "<source media=\"\(situation.media)\" srcset=\"\(address(image))\" width=\"\(figure.width)\" height=\"\(figure.height)\">"
  }

  private static func address(_ image: RenderedFigure.Image) -> String {
    let type = image.format == .svg ? "image/svg+xml" : "image/png"
    return "data:\(type);base64,\(Data(image.bytes).base64EncodedString())"
  }
}
