import Testing
@testable import SentryRuntime

@Suite struct TerminalTextTests {
  @Test(
    arguments: [
      ("plain, ä, 日本, 👩‍👩‍👧, مرحبا", nil), ("two\nlines\tand a tab", nil), ("\u{1b}[2J", "\\u001b[2J"),
      ("a\rb\u{0}c\u{7f}d\u{9b}e", "a\\u000db\\u0000c\\u007fd\\u009be"),
      ("\u{202e}txt\u{2066}.\u{2069}\u{2028}", "\\u202etxt\\u2066.\\u2069\\u2028"), ("\r\n", "\\u000d\n"),
      // A combining mark hides nothing.
      ("\u{1b}\u{301}", "\\u001b\u{301}"),
    ] as [(String, String?)])
  func whatATerminalObeysIsShown(text: String, shown: String?) {
    #expect(Array(TerminalText.printable(text).utf8) == Array((shown ?? text).utf8))
  }

  @Test func aNameStaysOnItsLine() {
    #expect(TerminalText.line("a\n\tb\u{1b}") == "a\\u000a\\u0009b\\u001b" && TerminalText.line("ä b") == "ä b")
    #expect(TextTable.text([["a\nb", "c"]]) == "a\\u000ab  c")
  }

  @Test func columnsFitWhatIsShown() {
    #expect(TextTable.text([["a\u{1b}", "b"], ["long name", "c"]]) == "a\\u001b    b\nlong name  c")
  }
}
