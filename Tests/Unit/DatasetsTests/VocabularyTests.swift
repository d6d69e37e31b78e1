import SentryTables
import Testing

@testable import DatasetAffectNet
@testable import DatasetFER2013

@Suite struct VocabularyTests {
  @Test func theOrderOfTheEmotionsIsFixed() {
    #expect(ClassVocabulary.emotion.classes == ["neutral", "happy", "sad", "surprise", "fear", "anger"])
  }

  @Test func moreClassesAreAppended() {
    #expect(
      EmotionClasses.allCases.map { $0.vocabulary.classes.suffix(2) } == [
        ["fear", "anger"], ["anger", "disgust"], ["disgust", "contempt"],
      ])
    for size in EmotionClasses.allCases {
      let vocabulary = size.vocabulary
      #expect(vocabulary.classes.count == size.rawValue)
      #expect(vocabulary.classes.prefix(6) == ClassVocabulary.emotion.classes[...])
      #expect(vocabulary.meaning(of: "Disgusted") == (size == .six ? .dropped("disgust") : .kept(6)))
      #expect(vocabulary.meaning(of: "contempt") == (size == .eight ? .kept(7) : .dropped("contempt")))
    }
  }

  /// What a numbering names and nobody trains on has a place of its own; every other name is a class of the vocabulary.
  @Test(arguments: EmotionNumbering.allCases) func numberingsNameWhatTheVocabularyKnows(numbering: EmotionNumbering) {
    for (offset, name) in numbering.classes.names.enumerated() {
      let meaning = numbering.classes.meaning(of: numbering.classes.first + offset, in: EmotionClasses.eight.vocabulary)
      let isLeftOut = ["none", "uncertain", "no-face"].contains(name)
      #expect(isLeftOut ? meaning == .dropped(name) : meaning == EmotionClasses.eight.vocabulary.meaning(of: name))
      #expect(meaning != nil)
    }
  }

  @Test func numbersOfCKPlus() {
    let names = (0...8).map { keptName(ClassVocabulary.emotion.meaning(of: "\($0)", numbers: .ckplus)) ?? "-" }
    #expect(names == ["neutral", "anger", "-", "-", "fear", "happy", "sad", "surprise", "-"])
  }

  @Test(arguments: [
    ("anger", "anger"), ("angry", "anger"), ("happy", "happy"), ("happiness", "happy"), ("sad", "sad"),
    ("sadness", "sad"), ("fear", "fear"), ("afraid", "fear"), ("surprise", "surprise"), ("surprised", "surprise"),
    ("neutral", "neutral"), ("ANGER", "anger"), (" Happy ", "happy"),
  ])
  func namesAndAliases(name: String, expected: String) {
    #expect(keptName(ClassVocabulary.emotion.meaning(of: name)) == expected)
  }

  @Test(arguments: ["disgust", "Disgust", "contempt", "CONTEMPT"])
  func someNamesAreLeftOut(name: String) {
    #expect(ClassVocabulary.emotion.meaning(of: name) == .dropped(name.lowercased()))
  }

  @Test(arguments: ["", "joy", "angryy", "0"]) func otherNamesAreUnknown(name: String) {
    #expect(ClassVocabulary.emotion.meaning(of: name) == nil)
  }

  @Test func droppingGoesByNameInAnyOrder() {
    let other = ClassVocabulary(["b", "a"], dropped: ["c": ["see"]])
    let numbering = ClassNumbering(["c", "a", "b"])
    #expect(numbering.meaning(of: 0, in: other) == .dropped("c"))
    #expect(numbering.meaning(of: 1, in: other) == .kept(1))
    #expect(numbering.meaning(of: 2, in: other) == .kept(0))
    #expect(numbering.meaning(of: 3, in: other) == nil)
    #expect(numbering.meaning(of: -1, in: other) == nil)
  }

  @Test func numbersOfFER2013() {
    let names = (0...6).map { keptName(FER2013.numbering.meaning(of: $0, in: .emotion)) ?? "-" }
    #expect(names == ["anger", "-", "fear", "happy", "sad", "surprise", "neutral"])
    #expect(FER2013.numbering.meaning(of: 1, in: .emotion) == .dropped("disgust"))
    #expect(FER2013.numbering.meaning(of: 7, in: .emotion) == nil)
  }

  @Test func numbersOfAffectNet() {
    let names = (0...10).map { keptName(AffectNet.meaning(of: String($0), numbers: .affectnet)) ?? "-" }
    #expect(names == ["neutral", "happy", "sad", "surprise", "fear", "-", "anger", "-", "-", "-", "-"])
    #expect(AffectNet.meaning(of: "5", numbers: .affectnet) == .dropped("disgust"))
    #expect(AffectNet.meaning(of: "7", numbers: .affectnet) == .dropped("contempt"))
    #expect(AffectNet.meaning(of: "10", numbers: .affectnet) == .dropped("no-face"))
    #expect(AffectNet.meaning(of: "Uncertain", numbers: .affectnet) == .dropped("uncertain"))
    #expect(AffectNet.meaning(of: "11", numbers: .affectnet) == nil)
    #expect(AffectNet.meaning(of: "-1", numbers: .affectnet) == nil)
  }

  @Test func numbersOfRAFDB() {
    let numbering = EmotionNumbering.rafdb.classes
    #expect(
      (0...8).map { keptName(numbering.meaning(of: $0, in: .emotion)) ?? "-" } == [
        "-", "surprise", "fear", "-", "happy", "sad", "anger", "neutral", "-",
      ])
    #expect(
      numbering.meaning(of: 3, in: .emotion) == .dropped("disgust")
        && numbering.meaning(of: Int.min, in: .emotion) == nil)
    #expect(numbering.legend.hasPrefix("1 surprise, 2 fear"))
  }

  @Test func numbersMeanNothingUntilTheirNumberingIsKnown() {
    #expect(ClassVocabulary.emotion.meaning(of: "3", numbers: nil) == nil)
    #expect(ClassVocabulary.emotion.meaning(of: " 3 ", numbers: .fer2013) == .kept(1))
    #expect(ClassVocabulary.emotion.meaning(of: "3", numbers: .affectnet) == .kept(3))
    #expect(ClassVocabulary.emotion.meaning(of: "Fear", numbers: nil) == .kept(4))
  }

  private func keptName(_ meaning: ClassVocabulary.Meaning?) -> String? {
    if case .kept(let index) = meaning { ClassVocabulary.emotion.classes[index] } else { nil }
  }
}
