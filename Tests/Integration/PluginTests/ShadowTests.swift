import Testing
@testable import SentryRuntime

@Suite struct ShadowTests {
  @Test func theFirstInSearchOrderWins() throws {
    let (first, second) = (try Workshop(), try Workshop())
    let winner = try first.compile("dataset_c.c", as: "z")
    // Another file, not a copy: its code differs.
    try second.compile("dataset_c.c", as: "a", ["-O2"])
    let found = first.discover(folders: [first.plugins, second.plugins])
    #expect(try found.report("z.so").state == .usable)
    let loser = try found.report("a.so")
    #expect(loser.state == .shadowed)
    #expect(loser.shadows == [.init(kind: "dataset", name: "test-c-light", by: winner)])
    #expect(loser.reason?.contains(winner) == true)
    #expect(try Registry(found).entry(.dataset, "test-c-light").file == winner)
  }
}
