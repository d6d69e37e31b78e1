import CSentryPlugin
import Glibc
import SentryPluginAPI
import Testing
@testable import SentryInference
@testable import SentryRuntime

@Suite struct FigureTests {
  @Test func textsCannotLeaveTheirQuotes() {
    #expect(FigureScript.quoted("it's") == "'it''s'")
    #expect(FigureScript.quoted("a\nset output 'x'\u{7}") == "'a set output ''x'' '")
    var script = FigureScript(.light)
    script.tics("x", [(text: "5 %\nn = '3'", place: 1)])
    #expect(script.text.hasSuffix("set xtics ('5 %%'.\"\\n\".'n = ''3''' 1.0) \n"))
  }

  private static let hasGnuplot = access("/usr/bin/gnuplot", X_OK) == 0
  private static let noGnuplot: Comment = "no gnuplot: run make setup"

  private static let numbered: [String] = (0..<30).map { "\($0)" }
  private static let strange: [String] = (0..<10).map { "class \($0) %d @{x}_^& <b>\"" }
  private static let names: [[String]] = [
    ["a", "b"], ["`touch /tmp/sentry-figure-owned`", "'.system('touch /tmp/sentry-figure-owned').'"], strange, numbered,
    ["", "\n", "ä€𝄞", String(repeating: "x", count: 300)],
  ]

  private static func metrics(classes: [String]) -> TaskMetrics {
    var generator = SplitMix64(seed: 3)
    let truth = (0..<120).map { _ in generator.below(max(1, classes.count - 1)) }
    let logits = (0..<120 * classes.count).map { _ in Float(generator.below(1000)) / 500 }
    return TaskMetrics(
      TaskPredictions(ClassificationTask("t", classes: classes), truth: truth, logits: logits), draws: 5, seed: 1)
  }

  /// Whatever classes are called, gnuplot draws them without a word, and no command in a name is carried out.
  @Test(.enabled(if: hasGnuplot, noGnuplot), arguments: names)
  func everyFigureCanBeDrawn(classes: [String]) throws {
    let task = Self.metrics(classes: classes)
    let figures = [
      ConfusionFigure.figure([task, task], name: "c"), ClassScoresFigure.figure(task, name: "s"),
      CurveFigures.roc(task, name: "r"), CurveFigures.precisionRecall(task, name: "p"),
      ReliabilityFigure.figure(task, name: "e"),
    ]
    for figure in figures {
      let svg = String(decoding: try Gnuplot().render(figure, .dark, as: .svg), as: UTF8.self)
      #expect(svg.contains("</svg>") && !svg.contains("<b>"), "\(figure.name)")
      #expect(try Gnuplot().render(figure, .light, as: .png).starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(figure.name)")
    }
    #expect(access("/tmp/sentry-figure-owned", F_OK) != 0)
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
