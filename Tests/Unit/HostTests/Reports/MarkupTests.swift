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

@Suite struct PredictionsFileTests {
  @Test func cellsAreQuotedWhereTheyMustBe() {
    #expect(PredictionsFile.quoted("plain") == "plain")
    #expect(PredictionsFile.quoted("a,b") == "\"a,b\"")
    #expect(PredictionsFile.quoted("say \"x\"\n") == "\"say \"\"x\"\"\n\"")
    #expect(PredictionsFile.quoted("a\r\nb") == "\"a\r\nb\"")
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
  }
}
