import FoundationEssentials

extension Markup {
  /// Pictures inside the page, each for light and dark.
  static func figures(_ pictures: [RenderedFigure]) -> Markup {
    guard !pictures.isEmpty else { return "" }
    let figures: [Markup] = pictures.map { picture in
      let figure = picture.figure
      let style: Markup = figure.width > 760 ? " class=\"whole\"" : ""
      let dark: Markup =
        picture.dark.map { "<source media=\"(prefers-color-scheme: dark)\" srcset=\"\(address($0))\">" } ?? ""
      return """
        <figure\(style)><picture>\(dark)<img src="\(address(picture.light))" width="\(figure.width)" \
        height="\(figure.height)" alt="\(figure.title)"></picture></figure>

        """
    }
    return "<div class=\"figures\">\n\(figures)</div>\n"
  }

  private static func address(_ image: RenderedFigure.Image) -> String {
    let type = image.format == .svg ? "image/svg+xml" : "image/png"
    return "data:\(type);base64,\(Data(image.bytes).base64EncodedString())"
  }
}
