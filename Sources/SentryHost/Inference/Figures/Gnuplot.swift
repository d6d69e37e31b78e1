import CSentryPlugin
import SentryBase
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Runs gnuplot as a child process, in a folder of its own that goes away with it.
package struct Gnuplot: Sendable {
  package enum Format: String, Sendable { case png, svg }

  package static let missing = "gnuplot is not installed: figures are skipped"
  package static let remedy = "install it (Debian: apt-get install gnuplot-nox); all other files are written without it"

  /// Looked for on PATH where it has no slash.
  var executable = "gnuplot"
  /// What characters can be drawn; nil: all.
  var fonts = FontCoverage.installed
  /// Seconds after which a picture is given up.
  package var timeout = 60.0

  package init(executable: String = "gnuplot", fonts: FontCoverage? = .installed, timeout: Double = 60) {
    (self.executable, self.fonts, self.timeout) = (executable, fonts, timeout)
  }

  /// The bytes of a picture. The error's code is `SENTRY_UNSUPPORTED` where there is no gnuplot.
  package func render(_ figure: Figure, _ theme: FigureTheme, as format: Format) throws(PluginError) -> [UInt8] {
    do {
      return try draw(figure, theme, as: format)
    } catch let error as PluginError {
      throw error
    } catch let error as FormatError {
      throw PluginError("\(figure.name) was not drawn: \(error.file): \(error.detail)", hint: error.hint)
    } catch {
      throw PluginError("\(figure.name) was not drawn: \(error)")
    }
  }

  private func draw(_ figure: Figure, _ theme: FigureTheme, as format: Format) throws -> [UInt8] {
    // Not `sentry-figure-`: so were those of versions called that do not lock them.
    try TemporaryFolder.with("sentry-picture-", in: Paths.temporary) { folder in
      try draw(figure, theme, as: format, in: folder)
    }
  }

  private func draw(_ figure: Figure, _ theme: FigureTheme, as format: Format, in folder: String) throws -> [UInt8] {
    var script = figure.script(theme)
    // Who looks at an SVG may have other fonts.
    if format == .png, let fonts { script = script.drawable(by: fonts) }
    // The folder's name is an argument: like every text from outside it is no part of the script.
    try AtomicFile.write(
      "cd ARG1\n\(Self.terminal(figure, theme, format))\nset output 'picture'\n\(script.script)", to: "\(folder)/script"
    )
    try AtomicFile.write(script.textBytes, to: "\(folder)/\(FigureScript.textFile)")
    for (name, bytes) in figure.files { try AtomicFile.write(bytes, to: "\(folder)/\(name)") }
    let status = try run(["-d", "-c", "\(folder)/script", folder], errors: "\(folder)/errors")
    let said = try SystemFile.text("\(folder)/errors", limit: 1 << 20) ?? ""
    guard status == 0, let picture = try SystemFile.bytes("\(folder)/picture"), !picture.isEmpty else {
      let lines = said.split(separator: "\n").filter { !$0.allSatisfy { " ^\t".contains($0) } }
      throw PluginError(
        "gnuplot could not draw \(figure.name): \(lines.last.map(String.init) ?? "exit status \(status)")")
    }
    return format == .svg ? SVGPicture.finished(picture, title: figure.title) : picture
  }

  private static func terminal(_ figure: Figure, _ theme: FigureTheme, _ format: Format) -> String {
    let look = "noenhanced background '\(theme.background.hex)'"
    return switch format {
    // Twice the pixels, for screens that have them.
    case .png:
      "set terminal pngcairo \(look) size \(figure.width * 2),\(figure.height * 2) font 'DejaVu Sans,10' fontscale 2 linewidth 2 pointscale 2"
    case .svg: "set terminal svg \(look) size \(figure.width),\(figure.height) font 'DejaVu Sans,10'"
    }
  }
}
