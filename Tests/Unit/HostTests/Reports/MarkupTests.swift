import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryInference

@Suite struct MarkupTests {
  @Test func textsAreEscapedAndMarkupIsNot() {
    let name = "<script>alert('x')</script> & \"more\""
    let inner: Markup = "<b>\(name)</b>"
    let outer: Markup = "<p title=\"\(name)\">\(inner)\([inner])\(7)</p>"
    let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"
    #expect(outer.html == "<p title=\"\(escaped)\"><b>\(escaped)</b><b>\(escaped)</b>7</p>")
  }

  @Test func controlCharactersAndTurnsOfDirectionAreReplaced() {
    #expect(Markup.escaped("a\u{0}b\u{1B}c\u{202E}d\ne") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\ne")
  }

  @Test func thePageAsksForNothingFromOutside() {
    let page = ReportPage.html(title: "t", subtitle: "s", notes: ["n"], sections: [.section("x", ["<p>y</p>"])])
    for word in ["http:", "https:", "src=\"/", "href=", "@import", "url(", "<script"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("default-src 'none'"))
  }
}

@Suite struct OrderedJSONTests {
  @Test func whatIsToldByClassStandsInTheOrderOfTheRows() throws {
    let value: JSONValue = ["b": 1, "z": ["y": 0.5, "x": [1, 2]], "a": [], "c": ["q": .null]]
    #expect(
      try OrderedJSON.text(value, keys: ["z", "y", "x", "z"])
        == """
        {
          "z" : {
            "y" : 0.5,
            "x" : [
              1,
              2
            ]
          },
          "a" : [

          ],
          "b" : 1,
          "c" : {
            "q" : null
          }
        }
        """)
    // Without an order it is what others are written as.
    #expect(try OrderedJSON.text(value, keys: []) == JSON.text(value, pretty: true))
  }
}

@Suite struct PredictionsFileTests {
  @Test func cellsAreQuotedWhereTheyMustBe() {
    #expect(CSVText.cell("plain") == "plain")
    #expect(CSVText.cell("a,b") == "\"a,b\"")
    #expect(CSVText.cell("say \"x\"\n") == "\"say \"\"x\"\"\n\"")
    #expect(CSVText.cell("a\r\nb") == "\"a\r\nb\"")
    #expect(CSVText.cell("\u{0600}\",\"\u{0301}").utf8.elementsEqual("\"\u{0600}\"\",\"\"\u{0301}\"".utf8))
  }

  /// A spreadsheet would compute them.
  @Test func formulasAreTextsAndNumbersAreNumbers() {
    for text in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-"] {
      #expect(CSVText.cell(text) == "'" + text, "\(text)")
    }
    #expect(CSVText.cell("=HYPERLINK(\"x\")") == "\"'=HYPERLINK(\"\"x\"\")\"")
    for text in ["-0.5", "+3", "-1e-05", "-inf", "a=b", ""] { #expect(CSVText.cell(text) == text) }
    #expect(CSVText.quoted("@a\"b") == "\"'@a\"\"b\"" && CSVText.quoted("a") == "\"a\"")
    #expect(CSVText.row(["-a", "2"]) == "'-a,2\n")
  }

  @Test func oneTaskHasPlainColumnsAndSeveralAreNamed() {
    func task(_ name: String, _ truth: Int?) -> TaskPredictions {
      TaskPredictions(
        ClassificationTask(name, classes: ["a", "b"]), truth: [truth], predicted: [1], probabilities: [0.25, 0.75])
    }
    func text(_ tasks: [TaskPredictions]) -> String {
      PredictionsFile.text(EvaluationResult(names: ["x,1"], split: .test, indices: [0], tasks: tasks, skipped: []))
    }
    #expect(text([task("t", 0)]) == "sample,true,predicted,p_a,p_b\n\"x,1\",a,b,0.25,0.75\n")
    let several = text([task("t", 0), task("u", nil)])
    #expect(
      several
        == "sample,t_true,t_predicted,t_p_a,t_p_b,u_true,u_predicted,u_p_a,u_p_b\n\"x,1\",a,b,0.25,0.75,,b,0.25,0.75\n")
  }

  @Test func namesOfTasksCannotLeaveTheFolder() {
    #expect(FileName.safe("../../etc/passwd") == "_._.._etc_passwd")
    #expect(FileName.safe("") == "_")
    #expect(FileName.safe("Größe a") == "Gr__e_a")
    #expect(FileName.safe("a\u{0301}\r\n\u{0600}'1") == "___1")
  }
}
