import Testing
@testable import SentryRuntime

@Suite struct RecordingNamesTests {
  private func groups(_ names: [String], _ classes: [Int]? = nil) -> Int? {
    RecordingNames(names, classes: classes ?? names.indices.map { $0 % 3 })?.count
  }

  @Test func framesOfRecordingsAreSeen() {
    func names(_ make: (_ recording: Int, _ frame: Int) -> String) -> [String] {
      (0..<6).flatMap { recording in (0..<10).map { make(recording, $0) } }
    }
    #expect(groups(names { "a/vid\($0)_frame_00\($1).png" }) == 6)
    #expect(groups(names { "happy/S0\(10 + $0)_004_000000\($1).png" }) == 6)
    #expect(groups(names { "happy/clip\($0)-\($1).jpg" }) == 6)
    #expect(groups(names { "happy/clip-\($0).frame\($1).jpg" }) == 6)
    #expect(groups(names { "happy/video\($0)/\($1).jpg" }) == 6, "a folder for each recording")
    #expect(groups(names { "happy/video\($0)/frame_\($1).jpg" }) == 6)
    #expect(groups(names { "\(["anna", "ben", "cleo", "dan", "eve", "fay"][$0])_\($1).png" }) == 6, "people")
    #expect(groups(names { "x/vid\($0)_\($1)_aligned.png (labels.csv line \($0 * 10 + $1))" }) == 6)
  }

  /// From recordings to people, as long as several are left.
  @Test func peopleAreWholeWhereTheNameTellsThem() {
    let names = (0..<120).map { "S\(100 + $0 / 20)_00\($0 / 5 % 4)_\($0 % 5).png" }
    #expect(groups(names) == 6)
    let twoPeople = (0..<120).map { "S\(100 + $0 / 60)_00\($0 / 5 % 12)_\($0 % 5).png" }
    #expect(groups(twoPeople) == 24, "two people cannot be divided: recordings are")
  }

  @Test func othersAreNot() {
    let classes = (0..<70).map { $0 / 10 }
    let words = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    #expect(groups((0..<70).map { "train/\(words[$0 / 10])/Training_\($0).jpg" }, classes) == nil)
    #expect(groups((0..<70).map { "train/\(words[$0 / 10])/image00000\($0).jpg" }, classes) == nil)
    #expect(groups((0..<70).map { "\(words[$0 / 10])/\(words[$0 / 10])_train_\($0).png" }, classes) == nil, "classes")
    #expect(groups((0..<70).map { "train/\($0 / 10)/\($0).png" }, classes) == nil, "numbers of classes")
    #expect(groups((0..<70).map { "train_0\($0)_aligned.jpg" }) == nil)
    #expect(groups((0..<70).map { "fer2013.csv: line \($0)" }) == nil)
    #expect(groups((0..<70).map { "\(String($0 &* 2_654_435_761 % 99_991, radix: 16)).jpg" }) == nil, "hashes")
    #expect(groups((0..<70).map { "picture \($0)" }) == nil)
    #expect(groups([]) == nil && groups(["a1_2.png"]) == nil)
  }
}
