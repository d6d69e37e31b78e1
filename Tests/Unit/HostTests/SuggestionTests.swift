import Testing
@testable import SentryRuntime

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("epochs", "epoch", 1),
    ("ca", "abc", 3),
  ])
  func distances(first: String, second: String, expected: Int) {
    #expect(Suggestion.distance(first, second) == expected)
    #expect(Suggestion.distance(second, first) == expected)
  }

  @Test func theNearestIsSuggestedAndTheFarIsNot() {
    let words = ["dropout", "size", "growth"]
    #expect(Suggestion.nearest(to: "dropuot", among: words) == "dropout")
    #expect(Suggestion.nearest(to: "sise", among: words) == "size")
    #expect(Suggestion.nearest(to: "momentum", among: words) == nil)
    #expect(Suggestion.hint(for: "momentum", among: words) == "there are: dropout, growth, size")
    #expect(Suggestion.hint(for: "momentum", among: []) == nil)
  }
}
