import CSentryPlugin
import SentryPluginAPI

/// A figure as pictures to show in a page.
struct RenderedFigure: Sendable {
  struct Image: Sendable {
    var format: Gnuplot.Format
    var bytes: [UInt8]
  }
  var figure: Figure
  var light: Image
  /// nil: the light one serves for both.
  var dark: Image?
  /// For a narrow page; nil: the same one serves.
  var narrow: Narrow?

  struct Narrow: Sendable {
    var figure: Figure
    var light, dark: Image
  }

  var byteCount: Int {
    [light, dark, narrow?.light, narrow?.dark].reduce(0) { $0 + ($1?.bytes.count ?? 0) }
  }
}

/// Draws figures for a page, and for a folder.
struct FigureRenderer {
  /// A page stays under 3 MB: this much of it, before base64, is for pictures.
  static let pageBudget = 1_700_000
  /// A larger one, as of a matrix with very many cells, is shown in pixels.
  static let largestSVG = 300_000

  var gnuplot = Gnuplot()
  /// Receives the files of each figure: `name.png`, and `name.svg` where it is not made of pixels. nil: only for a page.
  var write: ((_ name: String, _ bytes: [UInt8]) throws -> Void)?

  /// The figures as far as the page has room for them, the first ones first.
  /// - Parameter warn: told once of figures that cannot be drawn, with the first reason.
  /// - Throws: what ``write`` throws, and nothing else.
  func render(_ figures: [Figure], warn: (PluginError) -> Void) throws -> [RenderedFigure] {
    var (pictures, room) = ([RenderedFigure](), Self.pageBudget)
    var failures: [PluginError] = []
    if let problem = undrawable(figures) { warn(problem) }
    for figure in figures {
      let drawn: Drawn
      do {
        drawn = try draw(figure)
      } catch {
        failures.append(error)
        if error.code == SENTRY_UNSUPPORTED { break }
        continue
      }
      for (name, bytes) in drawn.files { try write?(name, bytes) }
      var picture = drawn.picture
      if picture.byteCount > room { picture.narrow = nil }
      if picture.byteCount > room { picture.dark = nil }
      guard picture.byteCount <= room else { continue }
      room -= picture.byteCount
      pictures.append(picture)
    }
    if let problem = Self.summary(of: failures, among: figures.count) { warn(problem) }
    return pictures
  }

  /// A full disk or a broken gnuplot spoils all figures alike: that is one message.
  private static func summary(of failures: [PluginError], among count: Int) -> PluginError? {
    guard let first = failures.first, failures.count > 1 else { return failures.first }
    return PluginError(
      "\(failures.count) of \(count) figures were not drawn; the first: \(first.message)", hint: first.hint,
      code: first.code)
  }

  private func undrawable(_ figures: [Figure]) -> PluginError? {
    guard let fonts = gnuplot.fonts else { return nil }
    let missing = figures.flatMap { $0.script(.light).undrawable(by: fonts) }.map { String(Character($0)) }
    guard let first = missing.first else { return nil }
    return PluginError(
      "no installed font has '\(first)'\(Set(missing).count > 1 ? " and \(Set(missing).count - 1) other characters" : ""): PNG pictures show boxes in their place",
      hint: "install a font that has them (Debian: apt-get install fonts-wqy-microhei for Chinese, Japanese and Korean)"
    )
  }

  /// A figure with what goes to the folder.
  private struct Drawn {
    var picture: RenderedFigure
    var files: [(name: String, bytes: [UInt8])] = []
  }

  private func draw(_ figure: Figure) throws(PluginError) -> Drawn {
    let format: Gnuplot.Format = figure.isRaster ? .png : .svg
    func image(_ theme: FigureTheme, _ format: Gnuplot.Format) throws(PluginError) -> RenderedFigure.Image {
      RenderedFigure.Image(format: format, bytes: try gnuplot.render(figure, theme, as: format))
    }
    var light = try image(.light, format)
    var files = [(name: "\(figure.name).\(format.rawValue)", bytes: light.bytes)]
    let isLarge = format == .svg && light.bytes.count > Self.largestSVG
    if format == .svg, write != nil || isLarge {
      let png = try image(.light, .png)
      files.append(("\(figure.name).png", png.bytes))
      if isLarge { light = png }
    }
    var picture = RenderedFigure(figure: figure, light: light, dark: try image(.dark, light.format))
    if figure.isWide, let narrow = figure.narrow?() {
      func image(_ theme: FigureTheme) throws(PluginError) -> RenderedFigure.Image {
        RenderedFigure.Image(format: light.format, bytes: try gnuplot.render(narrow, theme, as: light.format))
      }
      picture.narrow = RenderedFigure.Narrow(figure: narrow, light: try image(.light), dark: try image(.dark))
    }
    return Drawn(picture: picture, files: files)
  }
}
