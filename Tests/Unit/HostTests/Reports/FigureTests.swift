import CSentryPlugin
import Foundation
import SentryBase
import SentryPluginAPI
import Testing
@testable import SentryInference
@testable import SentryRuntime

@Suite struct FigureTests {
  /// What hides an apostrophe from a search for characters, and what gnuplot expands in a script.
  private static let hostile = [
    "\u{0600}'.system(\"id>~/Q\").'\u{0301}", "\u{0600}';system\"cd;id>Q\"#", "'tis", "`id>~/Q`", "@text", "$data1",
    "a\nEND\nsystem('id>~/Q')\n", "a\r\nEND", "tab\tand\u{0}nul", "\"quoted\"", "back\\slash\\", "50 % %d %s",
    "%\u{0301}s", "# no",
    "NaN", "1e5", "", " ", "\u{202E}turned", "<b>&amp;</b></title><script>",
    "a" + String(repeating: "\u{0301}", count: 10_000),
    String(repeating: "long ", count: 2_000),
  ]

  /// Everything that is drawn, of tasks and classes with these names.
  private static func figures(_ classes: [String], task name: String) throws -> [Figure] {
    let task = metrics(classes: classes, name: name)
    var history = History()
    for epoch in 1...3 {
      history.append(epoch: epoch, ["val_acc": 50, "val_acc/\(name)": 60 + Double(epoch), "val_acc/x": 2])
    }
    let thumbnail = ContactSheet.Thumbnail(width: 2, height: 1, pixels: [0, 1, 2, 3, 4, 5])
    let tiles = classes.map { ContactSheet.Tile(thumbnail: thumbnail, truth: $0, predicted: name, confidence: 0.5) }
    return [
      ConfusionFigure.figure([task, task], name: "c"), ClassScoresFigure.figure(task, name: "s"),
      try #require(CurveFigures.roc(task, name: "r")),
      try #require(CurveFigures.precisionRecall(task, name: "p")),
      ReliabilityFigure.figure(task, name: "e"), ContactSheet.figure(Array(tiles.prefix(24)), task: name, name: "m"),
      try #require(TrainingCurvesFigure.figure(history, best: 2, name: "t")),
      try #require(RunCurvesFigure.figure(classes.map { ($0, history) }, name: "r")),
    ]
  }

  /// No text from outside is in a script, and where they are no byte has a meaning.
  @Test func textsAreDataAndNeverScript() throws {
    let digits = Set("\\01234567\n".utf8)
    for figure in try Self.figures(Self.hostile, task: "marker 'tis") {
      let script = figure.script(.light)
      for piece in [
        "system", "tis", "marker", "quoted", "slash", "`", "@", "long", "\u{0301}", "\u{0600}", "%d", "no\n",
      ] {
        #expect(!script.script.utf8.contains(piece.utf8), "\(figure.name): \(piece)")
      }
      let texts = script.textBytes
      #expect(texts.contains(0x5C) && texts.allSatisfy(digits.contains), "\(figure.name)")
      for line in texts.split(separator: 0x0A) { #expect(line.count <= 4 * 255) }
    }
  }

  /// Boxes are wider than letters: labels of them overlapped.
  @Test func aCharacterThatNoFontHasTakesTheRoomOfABox() {
    let fonts = FontCoverage(charsets: "20-7e")
    let (letters, boxes) = (String(repeating: "a", count: 22), String(repeating: "\u{105}", count: 22))
    #expect(FigureText.width(of: boxes, fonts: fonts) > 22 * 13)
    #expect(FigureText.width(of: boxes, fonts: nil) == FigureText.width(of: letters, fonts: fonts))
  }

  /// A full disk spoils all: that is one message.
  @Test func figuresThatCannotBeDrawnAreToldOnce() throws {
    let figures = try Self.figures(["a", "b"], task: "t")
    var told: [PluginError] = []
    let renderer = FigureRenderer(gnuplot: Gnuplot(executable: "/bin/false", fonts: nil))
    #expect(try renderer.render(figures) { told.append($0) }.isEmpty)
    #expect(told.count == 1)
    #expect(
      told[0].message.hasPrefix(
        "\(figures.count) of \(figures.count) figures were not drawn; the first: gnuplot could not"))
    told = []
    _ = try renderer.render([figures[0]]) { told.append($0) }
    #expect(told.map(\.message) == ["gnuplot could not draw c: exit status 1"])
  }

  /// White below the bound and black above it: WCAG asks for 4.5 of small text, 3 of bold.
  @Test func numbersCanBeReadOnEveryColour() throws {
    func luminance(_ hex: String) throws -> Double {
      let rgb = try #require(Int(hex.dropFirst(), radix: 16))
      let parts = [16, 8, 0].map { shift -> Double in
        let value = Double(rgb >> shift & 0xFF) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let colours = FigurePalette.cividis
    for (index, colour) in colours.enumerated() {
      let isDark = Double(index) / Double(colours.count - 1) < FigurePalette.darkTextFrom
      let (own, text) = (try luminance(colour.hex) + 0.05, isDark ? 1.05 : 0.05)
      #expect(max(own, text) / min(own, text) > 4, "\(colour.hex)")
    }
  }

  @Test func scalesAndWeakBinsAreShown() throws {
    let task = Self.metrics(classes: ["a", "b", "c"])
    #expect(ConfusionFigure.figure([task], name: "c").script(.light).script.contains("set colorbox"))
    #expect(ReliabilityFigure.figure(task, name: "e").script(.light).script.contains("fewer than 10 samples"))
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot)) func ticksOfSmallRatesAreNumbers() throws {
    var history = History()
    for epoch in 1...3 { history.append(epoch: epoch, ["lr": 4e-4 / Double(epoch)]) }
    let figure = try #require(TrainingCurvesFigure.figure(history, best: 1, name: "t"))
    let svg = String(decoding: try Gnuplot().render(figure, .light, as: .svg), as: UTF8.self)
    #expect(!svg.contains("e+00") && svg.contains("0.0004"))
  }

  /// But for the curves of several runs, which are on no page.
  @Test(arguments: [
    ["a", "b", "c", "d"], (0..<20).map { "class \($0)" }, (0..<8).map { "长名字的类长名字的类长名字的类长名 \($0)" },
  ])
  func wideFiguresHaveAVersionForNarrowPages(classes: [String]) throws {
    for figure in try Self.figures(classes, task: "t").dropLast() where figure.isWide {
      let narrow = try #require(figure.narrow?(), "\(figure.name)")
      #expect(narrow.width < figure.width && narrow.height > figure.height, "\(figure.name)")
      // A matrix of many classes, or of long names, is shrunk.
      #expect(!narrow.isWide || figure.name == "c" && classes.count > 4, "\(figure.name)")
    }
  }

  @Test func aTextIsWhatTheScriptRefersTo() {
    var script = FigureScript(.light)
    let before = script.script
    script.add("set title \("é'"); set xlabel \("b"); set ylabel \("é'")")
    script.tics("x", [(lines: ["5 %", "n = 3"], place: 1)])
    #expect(
      script.script.hasSuffix(
        "set title external[1]; set xlabel external[2]; set ylabel external[1]\nset xtics (external[3] 1.0) \n"))
    #expect(script.script.hasPrefix("array external[3]\n") && !before.contains("array"))
    let lines = String(decoding: script.textBytes, as: UTF8.self).split(separator: "\n")
    #expect(lines == [#"\303\251\047"#, #"\142"#, #"\065\040\045\045\012\156\040\075\040\063"#])
  }

  /// Without a font for it a character would fill the whole picture.
  @Test(.enabled(if: hasGnuplot, noGnuplot)) func charactersThatNoFontHasAreBoxes() throws {
    let fonts = FontCoverage(charsets: "20-7e e9\n25a1")
    #expect(fonts.covers("~") && fonts.covers("é") && fonts.covers("\u{200D}") && !fonts.covers("怒"))
    // Format characters that are seen, and letters that are not: pango draws either as large as the picture.
    #expect(!fonts.covers("\u{0600}") && fonts.drawable("\u{0600}") == "\u{25A1}")
    #expect(fonts.covers("\u{3164}") && fonts.drawable("\u{3164}") == nil && fonts.drawable("\u{1BCA0}") == nil)
    let figure = Figure(name: "f", title: "", width: 200, height: 100) { theme in
      var script = FigureScript(theme)
      script.add("set title \("怒é"); plot x notitle")
      return script
    }
    let script = figure.script(.light)
    #expect(script.undrawable(by: fonts) == ["怒"])
    #expect(String(decoding: script.drawable(by: fonts).textBytes, as: UTF8.self) == #"\342\226\241\303\251"# + "\n")
    var warnings: [String] = []
    var gnuplot = Gnuplot()
    gnuplot.fonts = fonts
    let pictures = try FigureRenderer(gnuplot: gnuplot).render([figure]) { warnings.append($0.message) }
    #expect(warnings == ["no installed font has '怒': PNG pictures show boxes in their place"])
    #expect(pictures.count == 1 && String(decoding: pictures[0].light.bytes, as: UTF8.self).contains("怒é"))
  }

  @Test func aHeadingFitsAndALegendIsNotCut() throws {
    let heading = FigureText.heading(String(repeating: "n", count: 50), ": curves", limit: 30, room: 200)
    #expect(heading.hasPrefix("n") && heading.hasSuffix("…: curves") && 1.2 * FigureText.width(of: heading) <= 200)
    #expect(FigureText.heading("emotion", ": curves", limit: 30, room: 200) == "emotion: curves")
    let few = try Self.figures(["a", "b"], task: "t")[2]
    let many = try Self.figures(Self.numbered, task: "t")[2]
    #expect(few.height == 528 && many.height >= 30 * 19)
  }

  /// What a killed program left is removed; what another one works on is not.
  @Test func foldersOfDeadProgramsAreRemoved() throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("sentry-figures-\(UUID())").path
    let (dead, live, other) = ("\(place)/mine-dead", "\(place)/mine-live", "\(place)/other")
    for folder in [dead, live, other] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try "x".write(toFile: "\(folder)/script", atomically: false, encoding: .utf8)
    }
    defer { try? FileManager.default.removeItem(atPath: place) }
    let descriptor = open(live, O_RDONLY | O_DIRECTORY)
    #expect(flock(descriptor, LOCK_EX) == 0)
    defer { close(descriptor) }
    let used = try TemporaryFolder.with("mine-", in: place) { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: place)
      #expect(Set(names) == ["mine-live", "other", Paths.last(folder)])
      return folder
    }
    #expect(!FileManager.default.fileExists(atPath: used) && FileManager.default.fileExists(atPath: "\(live)/script"))
  }

  @Test func wideCharactersTakeTheirRoom() {
    #expect(FigureText.width(of: "怒り") == 27 && FigureText.width(of: "ab") == 14.4)
  }

  @Test func namesAreShortenedByWhatTheyAreMadeOf() {
    #expect(FigureText.short("plain") == "plain")
    #expect(FigureText.short(String(repeating: "x", count: 23)) == String(repeating: "x", count: 21) + "…")
    #expect(FigureText.short("a" + String(repeating: "\u{0301}", count: 10_000)).unicodeScalars.count < 100)
    #expect(FigureText.clean("a\r\n\u{202E}b\u{301}") == "a   b\u{301}")
  }

  @Test func anSVGHasTheFiguresTitleAndNoOther() {
    let svg = "<svg><title>Gnuplot</title><g><title>$data1 using 1:2</title><text>&lt;title&gt;</text></g></svg>"
    let finished = String(decoding: SVGPicture.finished(Array(svg.utf8), title: "a </title> & b"), as: UTF8.self)
    #expect(finished == "<svg><title>a &lt;/title&gt; &amp; b</title><g><text>&lt;title&gt;</text></g></svg>")
  }

  private static let hasGnuplot = access("/usr/bin/gnuplot", X_OK) == 0
  private static let noGnuplot: Comment = "no gnuplot: run make setup"

  private static let numbered: [String] = (0..<30).map { "\($0)" }
  private static let strange: [String] = (0..<10).map { "class \($0) %d @{x}_^& <b>\"" }
  private static let names: [[String]] = [
    ["a", "b"], ["`touch /tmp/sentry-figure-owned`", "'.system('touch /tmp/sentry-figure-owned').'"], strange, numbered,
    ["", "\n", "ä€𝄞", String(repeating: "x", count: 300)], hostile,
  ]

  private static func metrics(classes: [String], name: String = "t") -> TaskMetrics {
    var generator = SplitMix64(seed: 3)
    let truth = (0..<120).map { _ in generator.below(max(2, classes.count - 1)) }
    let logits = (0..<120 * classes.count).map { _ in Float(generator.below(1000)) / 500 }
    return TaskMetrics(
      TaskPredictions(ClassificationTask(name, classes: classes), truth: truth, logits: logits), bootstrapSamples: 5,
      seed: 1)
  }

  /// Whatever classes are called, gnuplot draws them without a word, and no command in a name is carried out.
  @Test(.enabled(if: hasGnuplot, noGnuplot), arguments: names)
  func everyFigureCanBeDrawn(classes: [String]) throws {
    let owned = "/tmp/sentry-figure-owned"
    unlink(owned)
    // Names of tasks and runs have room for a whole command, of classes for a short one.
    let name = "\u{0600}'.system(\"id>\(owned)\").'\u{0301}"
    let figures = try Self.figures(classes, task: name)
    for figure in figures {
      let svg = String(decoding: try Gnuplot().render(figure, .dark, as: .svg), as: UTF8.self)
      #expect(svg.contains("</svg>") && !svg.contains("<b>") && !svg.contains("<script"), "\(figure.name)")
      #expect(svg.ranges(of: "<title>").count == 1 && !svg.contains("using"), "\(figure.name)")
      #expect(try Gnuplot().render(figure, .light, as: .png).starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(figure.name)")
    }
    #expect(access(owned, F_OK) != 0)
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot), arguments: [1, 2, 13]) func curvesOfSeveralRuns(count: Int) throws {
    func history(_ run: Int, _ epochs: Int) -> History {
      var history = History()
      for epoch in 0..<epochs {
        var values = ["val_acc": 50 + 40 * Double(epoch) / 8 - Double(run), "val_loss": 1 / Double(epoch + run + 1)]
        if run % 2 == 0 { values["val_acc/it's 100 %"] = 60 }
        history.append(epoch: epoch + 1, values)
      }
      return history
    }
    let runs = (0..<count).map { (label: "models/it's run \($0)", history: history($0, 3 + $0)) }
    let figure = try #require(RunCurvesFigure.figure(runs, name: "c"))
    #expect(figure.width == 3 * 440)
    let svg = String(decoding: try Gnuplot().render(figure, .light, as: .svg), as: UTF8.self)
    for run in runs { #expect(svg.contains(run.label.replacing("'", with: "&apos;")) || svg.contains(run.label)) }
  }

  @Test func curvesOfNoEpoch() {
    #expect(TrainingCurvesFigure.figure(History(), best: nil, name: "t") == nil)
    #expect(RunCurvesFigure.figure([("a", History())], name: "c") == nil)
  }

  /// A gap would leave single points without a line, where few epochs were validated.
  @Test func curvesGoOnOverEpochsWithoutAValue() {
    #expect(TrainingCurvesFigure.points([1, 2, 3, 4], [nil, 50, nil, 60]) == [[2, 50], [4, 60]])
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot)) func curvesOfOneEpoch() throws {
    var history = History()
    history.append(epoch: 1, ["train_loss": 1.5, "lr": 1e-3, "val_acc": 50, "val_acc/a": 25])
    let figure = try #require(TrainingCurvesFigure.figure(history, best: 1, name: "t"))
    #expect(figure.width == 4 * 400)
    #expect(try !Gnuplot().render(figure, .light, as: .svg).isEmpty)
  }

  @Test func anImageIsReducedByArea() throws {
    let side = ContactSheet.Thumbnail.largestSide * 2
    let pixels = (0..<side * side).map { UInt8($0 % 2 == 0 ? 100 : 200) }
    let thumbnail = try #require(ContactSheet.Thumbnail(Tensor([side, side, 1], pixels)))
    #expect(thumbnail.width == side / 2 && thumbnail.height == side / 2)
    #expect(thumbnail.pixels.count == side * side / 4 * 3 && thumbnail.pixels.allSatisfy { $0 == 150 })
    #expect(ContactSheet.Thumbnail(Tensor([4, 4], [Float](repeating: 0, count: 16))) == nil)
    #expect(ContactSheet.Thumbnail(Tensor([2, 2, 2], [UInt8](repeating: 0, count: 8))) == nil)
  }

  @Test func withoutGnuplotTheErrorSaysWhatToInstall() {
    let figure = Figure(name: "any", title: "", width: 100, height: 100) { FigureScript($0) }
    let missing = #expect(throws: PluginError.self) {
      try Gnuplot(executable: "/nonexistent/gnuplot").render(figure, .light, as: .svg)
    }
    #expect(missing?.code == SENTRY_UNSUPPORTED && missing?.hint?.contains("gnuplot-nox") == true)
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot)) func whatGnuplotSaysIsInTheError() {
    let figure = Figure(name: "broken", title: "", width: 100, height: 100) { theme in
      var script = FigureScript(theme)
      script.add("plot nonsense(")
      return script
    }
    let broken = #expect(throws: PluginError.self) { try Gnuplot().render(figure, .light, as: .svg) }
    #expect(broken?.message.contains("gnuplot could not draw broken") == true)
  }

  @Test(.enabled(if: hasGnuplot, noGnuplot))
  func aPictureThatTakesTooLongIsGivenUp() throws {
    let figure = Figure(name: "slow", title: "", width: 100, height: 100) { theme in
      var script = FigureScript(theme)
      script.add("pause 30")
      return script
    }
    let error = #expect(throws: PluginError.self) {
      try Gnuplot(timeout: 0.2).render(figure, .light, as: .svg)
    }
    #expect(error?.message.contains("did not finish") == true)
  }
}
