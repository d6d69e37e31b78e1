import CSentryPlugin
import SentryImageDatasets
import SentryPluginAPI
import SentryTables
import SentryTestSupport
import Testing

@Suite struct FolderTests {
  @Test func entriesAreSortedByBytesAndHiddenOnesPassedOver() throws {
    let tree = try TestTree()
    for name in ["b.png", "B.png", "é.png", "a10.png", "a9.png", ".DS_Store", "__MACOSX/x.png"] {
      try tree.write(name, [])
    }
    #expect(try Folder(tree.path).entries().map(\.name) == ["B.png", "a10.png", "a9.png", "b.png", "é.png"])
  }

  @Test func linksThatLeadBackEndTheSearch() throws {
    let tree = try TestTree()
    try tree.image("happy/deep/1.png")
    try tree.link("happy/deep/again", to: "..")
    try tree.link("happy/self", to: ".")
    try tree.link("happy/nowhere.png", to: "missing")
    let images = try Folder(tree.path).appending("happy").images()
    // A link to an image that is not there is not passed over: reading it says what is wrong.
    #expect(images.paths == ["deep/1.png", "nowhere.png"])
    #expect(images.otherFiles == 0 && images.skippedLinks.isEmpty)
  }

  @Test func linksToOtherClassesAreNotEntered() throws {
    let tree = try TestTree()
    try tree.image("train/happy/1.png")
    try tree.image("train/sad/2.png")
    try tree.image("pool/3.png")
    try tree.link("train/happy/up", to: "..")
    try tree.link("train/happy/other", to: "../sad")
    try tree.link("train/happy/more", to: "../../pool")
    let split = Folder(tree.path).appending("train")
    let images = try split.appending("happy").images(inside: split)
    #expect(images.paths == ["1.png", "more/3.png"])
    #expect(images.skippedLinks.map { $0.prefix { $0 != " " } } == ["other", "up"])
  }

  /// As a path of labels.csv may not; a link to a file is one image, and whoever made it named it.
  @Test func linksToFoldersStayInTheDataset() throws {
    let (tree, elsewhere) = (try TestTree(), try TestTree())
    try elsewhere.image("3.png")
    try tree.image("train/happy/1.png")
    try tree.link("train/happy/4.png", to: "\(elsewhere.path)/3.png")
    let (root, happy) = (Folder(tree.path), Folder(tree.path).appending("train/happy"))
    #expect(try happy.images(of: root).paths == ["1.png", "4.png"])
    try tree.link("train/happy/more", to: elsewhere.path)
    let nested = #expect(throws: PluginError.self) { try happy.images(of: root) }
    #expect(nested?.code == SENTRY_BAD_DATA && nested?.message.contains("happy/more: the link leads out") == true)
    try tree.link("train/sad", to: elsewhere.path)
    let whole = #expect(throws: PluginError.self) { try root.appending("train/sad").images(of: root) }
    #expect(whole?.message.contains("leads out of the dataset, to ") == true && whole?.hint != nil)
    // The dataset's own folder may be reached by a link.
    try elsewhere.link("dataset", to: tree.path)
    let linked = Folder("\(elsewhere.path)/dataset")
    #expect(throws: PluginError.self) { try linked.appending("train/sad").images(of: linked) }
  }

  @Test func namesInOtherBytesAreFoundAsTheDiskWritesThem() throws {
    let tree = try TestTree()
    let (composed, decomposed) = ("caf\u{e9}.png", "cafe\u{301}.png")
    try tree.image("a/\(decomposed)")
    var index = FolderIndex(Folder(tree.path))
    let found = try #require(try index.find(try RelativePath("a/\(composed)", place: "")))
    #expect(Array(found.utf8) == Array("a/\(decomposed)".utf8))
    // Where both are there, each is its own.
    try tree.image("b/\(decomposed)")
    try tree.image("b/\(composed)")
    index = FolderIndex(Folder(tree.path))
    for name in [composed, decomposed] {
      let found = try #require(try index.find(try RelativePath("b/\(name)", place: "")))
      #expect(Array(found.utf8) == Array("b/\(name)".utf8))
    }
  }

  @Test func pathsOfWindowsAreRead() throws {
    let path = try RelativePath(#"train\happy\1.png"#, place: "labels.csv: line 3")
    #expect(path.components == ["train", "happy", "1.png"] && path.hasBackslashes)
    for text in [#"..\x.png"#, #"a\..\..\x.png"#, #"C:\data\x.png"#, #"\data\x.png"#] {
      #expect(failure { _ = try RelativePath(text, place: "labels.csv: line 3") }?.code == SENTRY_BAD_DATA)
    }
  }

  @Test func otherFilesAreCounted() throws {
    let tree = try TestTree()
    for name in ["1.JPG", "2.jpeg", "3.bmp", "notes.txt", "Thumbs.db", "png"] { try tree.write(name, []) }
    let images = try Folder(tree.path).images()
    #expect(images.paths == ["1.JPG", "2.jpeg", "3.bmp"])
    #expect(images.otherFiles == 3)
  }

  @Test func aMissingFolderIsNamed() {
    let error = failure { _ = try Folder("/nowhere/at/all").entries() }
    #expect(error?.code == SENTRY_INVALID)
    #expect(error?.message.contains("/nowhere/at/all") == true)
  }

  @Test(arguments: ["/etc/passwd", "../x.png", "a/../../x.png", "", "//", "..", "./."])
  func pathsThatLeadOutAreRefused(path: String) {
    let error = failure { _ = try RelativePath(path, place: "labels.csv: line 3") }
    #expect(error?.code == SENTRY_BAD_DATA)
    #expect(error?.message.hasPrefix("labels.csv: line 3: ") == true)
  }

  @Test func pathsAreFoundWhateverTheirCase() throws {
    let tree = try TestTree()
    try tree.image("Train/Anger/x.png")
    try tree.image("Train/anger/x.png")
    try tree.image("Train/Happy/Y.PNG")
    var index = FolderIndex(Folder(tree.path))
    #expect(try index.find(try RelativePath("anger/x.png", place: ""), under: "Train") == "Train/anger/x.png")
    #expect(try index.find(try RelativePath("./train//happy/y.png", place: "")) == "Train/Happy/Y.PNG")
    #expect(try index.find(try RelativePath("happy", place: ""), under: "Train") == nil)
    #expect(try index.find(try RelativePath("sad/x.png", place: ""), under: "Train") == nil)
  }

  @Test func twoFoldersForOneSplitAreRefused() throws {
    let tree = try TestTree()
    try tree.folder("val")
    try tree.folder("Valid")
    let error = failure { _ = try SplitFolders(in: Folder(tree.path)) }
    #expect(error?.message.contains("Valid/") == true)
    #expect(error?.message.contains("val/") == true)
  }
}
