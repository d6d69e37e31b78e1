import SentryTestSupport
import Testing

@testable import DatasetAffectNet
@testable import DatasetFER2013

@Suite struct ScoreTests {
  @Test func foldersOfFER2013() throws {
    let tree = try TestTree.fer2013()
    #expect(FER2013.score(tree.path) > AffectNet.score(tree.path) + 20)
  }

  @Test func foldersOfFER2013WithoutItsFileNames() throws {
    let tree = try TestTree()
    for name in FER2013FoldersTests.classes { try tree.image("train/\(name)/1.png", side: 48) }
    #expect(FER2013.score(tree.path) > AffectNet.score(tree.path) + 20)
  }

  @Test func tablesOfFER2013() throws {
    let tree = try FER2013TableTests.tree(header: "emotion, pixels, Usage")
    #expect(FER2013.score(tree.path) >= 90)
    #expect(FER2013.score("\(tree.path)/fer2013.csv") == 100)
    #expect(AffectNet.score(tree.path) == 0)
    #expect(AffectNet.score("\(tree.path)/fer2013.csv") == 0)
  }

  @Test(arguments: [["anger", "Anger"], ["6", "6"]]) func foldersOfAffectNet(anger: [String]) throws {
    let names = anger[0] == "6" ? ["0", "1", "2", "7"] : ["happy", "sad", "contempt"]
    let tree = try TestTree()
    for name in names + [anger[0]] { try tree.image("Train/\(name)/1.png") }
    for name in names + [anger[1]] { try tree.image("Test/\(name)/1.png") }
    #expect(AffectNet.score(tree.path) > FER2013.score(tree.path) + 20)
  }

  @Test func tablesOfAffectNet() throws {
    let tree = try TestTree()
    // Even where the folders look like FER2013's.
    for name in FER2013FoldersTests.classes { try tree.image("train/\(name)/1.png") }
    try tree.write("labels.csv", text: ",pth,label,relFCs\n0,angry/1.png,anger,1\n")
    #expect(AffectNet.score(tree.path) > FER2013.score(tree.path) + 20)
  }

  @Test func theNameOfThePathCountsForNothing() throws {
    let tree = try TestTree()
    try tree.folder("fer2013")
    try tree.folder("affectnet/train")
    try tree.write("fer2013.csv", text: "a,b\n")
    #expect(FER2013.score("\(tree.path)/fer2013") == 0)
    #expect(FER2013.score("\(tree.path)/fer2013.csv") == 0)
    #expect(FER2013.score(tree.path) == 0)
    #expect(AffectNet.score("\(tree.path)/affectnet") == 0)
    #expect(FER2013.score("/nowhere/at/all") == 0)
    #expect(AffectNet.score("/nowhere/at/all") == 0)
  }
}
