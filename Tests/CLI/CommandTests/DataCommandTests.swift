import Foundation
import Testing

@Suite struct DataCommandTests {
  private func sandbox() throws -> Sandbox {
    try Sandbox(plugins: ["SourcesFaces", "SourcesPosture", "DatasetFER2013"])
  }

  @discardableResult private func write(_ sandbox: Sandbox, _ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: "\(sandbox.root)/work/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func theCatalogueNamesEverySet() throws {
    let sandbox = try sandbox()
    let outcome = try sandbox.toys(["data", "list"])
    #expect(outcome.status == 0 && outcome.err == "")
    for name in [
      "multiposture", "figshare", "ntu_skeleton", "cmu_panoptic", "bold", "daisee", "mpii", "affectnet", "fer2013",
      "openpose",
      "session",
    ] { #expect(outcome.out.contains("\n\(name) "), "\(name)") }
    let json = try sandbox.toys(["data", "list", "--json"])
    let entries = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
    let posture = try #require(entries.first { $0["key"] as? String == "multiposture" })
    #expect(posture["licence"] as? String == "CC BY 4.0" && posture["access"] as? String == "direct")
    let file = try #require((posture["files"] as? [[String: Any]])?.first)
    #expect(file["md5"] as? String == "7efbc94d653acf32eefecec3ff26d6c6" && file["bytes"] as? Int == 9_327_935)
  }

  @Test func aSourceWithoutItsFilesLeavesTheOthers() throws {
    let sandbox = try Sandbox(plugins: ["TestPluginLive", "SourcesFaces"])
    let list = try sandbox.toys(["data", "list"])
    #expect(list.status == 0 && list.out.contains("\nfer2013 "), "\(list.err)")
    #expect(list.err.contains("source 'filed-source' is left out") && list.err.contains("words.bin is not installed"))
    let get = try sandbox.toys(["data", "get", "filed-source"])
    #expect(get.status != 0 && get.err.contains("words.bin is not installed"), "\(get.err)")
    #expect(try sandbox.toys(["data", "get", "fer2013"]).out.contains("kaggle"))
  }

  @Test(arguments: [
    ("fer2013", "kaggle datasets download -d msambare/fer2013 -p data/raw/fer2013 --unzip"),
    ("ntu_skeleton", "https://drive.google.com/file/d/1CUZnBtYwifVXS21yVg62T-vrPVayso5H/view"),
    ("ntu-skeleton", "gdown"), ("cmu_panoptic", "getData.sh"), ("bold", "cydar.ist.psu.edu/emotionchallenge"),
  ]) func whatAPersonMustFetchHasItsSteps(name: String, text: String) throws {
    let outcome = try sandbox().toys(["data", "get", name])
    #expect(outcome.status == 1)
    #expect(outcome.out.contains(text), "\(outcome.out)")
    #expect(
      outcome.err.contains("cannot be downloaded automatically") && outcome.err.contains("follow the steps above"))
  }

  @Test func aFileIsFetchedFromAMirrorAndAnErrorLeavesNone() throws {
    let (sandbox, server) = (try sandbox(), try LocalServer("../../Unit/DownloadTests/Fixtures/server.py"))
    let get = ["data", "get", "figshare", "--output", "raw"]
    let good = try sandbox.toys(get + ["--mirror", server.base + "/good"])
    #expect(good.status == 0, "\(good.err)")
    #expect(good.out.contains("raw/figshare/figshare_26582851.csv: 100.0 kB, no checksum is known"))
    #expect(good.out.contains("next: sentry data prepare figshare raw/figshare/figshare_26582851.csv"))
    #expect(try sandbox.toys(get).out.contains("already there"))
    let missing = try sandbox.toys(["data", "get", "figshare", "--output", "other", "--mirror", server.base + "/404"])
    #expect(missing.status == 1 && missing.err.contains("answered 404") && missing.err.contains("Hint: "))
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root + "/work/other/figshare")
    #expect(names == [])
    let other = try sandbox.toys([
      "data", "get", "multiposture", "--output", "other", "--mirror", server.base + "/good",
    ])
    #expect(other.status == 1 && other.err.contains("offers 100000 bytes, 9327935 are expected"))
  }

  @Test func ctrlCKeepsThePartAndTheNextCommandGoesOn() throws {
    let (sandbox, server) = (try sandbox(), try LocalServer("../../Unit/DownloadTests/Fixtures/server.py"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(sandbox.root)/bin/sentry")
    process.currentDirectoryURL = URL(fileURLWithPath: "\(sandbox.root)/work")
    process.environment = ["HOME": "\(sandbox.root)/home"]
    let arguments = ["--plugin-dir", "\(sandbox.root)/plugins", "data", "get", "figshare", "--mirror"]
    process.arguments = arguments + [server.base + "/stall"]
    let errors = Pipe()
    (process.standardError, process.standardOutput) = (errors, FileHandle.nullDevice)
    try process.run()
    let record = "\(sandbox.root)/work/data/raw/figshare/figshare_26582851.csv.part.json"
    while process.isRunning, !FileManager.default.fileExists(atPath: record) { usleep(10_000) }
    kill(process.processIdentifier, SIGINT)
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(text.contains("stopped; "), "\(text)")
    let again = try sandbox.run(arguments + [server.base + "/good"])
    #expect(again.status == 0 && again.out.contains("100.0 kB"), "\(again.err)")
  }

  @Test func rawDataBecomeADataset() throws {
    let sandbox = try sandbox()
    let landmarks = """
      nose left_eye_inner left_eye left_eye_outer right_eye_inner right_eye right_eye_outer left_ear right_ear mouth_left \
      mouth_right left_shoulder right_shoulder left_elbow right_elbow left_wrist right_wrist left_pinky right_pinky \
      left_index right_index left_thumb right_thumb left_hip right_hip left_knee right_knee left_ankle right_ankle left_heel \
      right_heel left_foot_index right_foot_index
      """.split(separator: " ")
    let header =
      ["subject", "upperbody_label", "lowerbody_label"]
      + landmarks.flatMap { name in ["x", "y", "z"].map { "\(name)_\($0)" } }
    let rows = ["1,TUP,LAP", "2,TLB,LCS", "3,TLR,LCR"].map { $0 + (0..<99).map { ",\($0)" }.joined() }
    let file = try write(sandbox, "data.csv", ([header.joined(separator: ",")] + rows).joined(separator: "\n"))
    let zip = try #require(
      try Shell.python(
        "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED)\nz.write(sys.argv[1], 'multi/data.csv')\nz.close()\nprint(sys.argv[2])",
        [file, file + ".zip"]))
    for (raw, output) in [("data.csv", "plain"), (zip, "zipped")] {
      let outcome = try sandbox.toys(
        ["data", "prepare", "multiposture", raw, "--output", output, "--val-fraction", "0.3", "--seed", "7"])
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.contains("train: 2\nval: 1\nwritten: \(output)\n"), "\(outcome.out)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.root + "/work").sorted()
    #expect(names == ["data.csv", "data.csv.zip", "plain", "zipped"], "nothing temporary is left")
    let bad = try sandbox.toys(["data", "prepare", "multiposture", "data.csv", "--output", "x", "--val-fraction", "2"])
    #expect(bad.status == 64 && bad.err.contains("--val-fraction: source.val-fraction is 2 but must be at most 0.9"))
    let slip = try sandbox.toys([
      "data", "prepare", "multiposture", "data.csv", "--output", "x", "--set", "deriv=stress",
    ])
    #expect(
      slip.status == 64 && slip.err.contains("has no option 'deriv'") && slip.err.contains("did you mean 'derive'?"))
    let none = try sandbox.toys(["data", "prepare", "fer2013", "data.csv", "--output", "x"])
    #expect(
      none.status == 64 && none.err.contains("nothing to prepare for fer2013") && none.err.contains("--dataset fer2013")
    )
    let unknown = try sandbox.toys(["data", "prepare", "multipostur", "data.csv", "--output", "x"])
    #expect(unknown.status == 64 && unknown.err.contains("did you mean 'multiposture'?"))
  }

  @Test func aZipThatEscapesItsFolderIsRefused() throws {
    let sandbox = try sandbox()
    let path = sandbox.root + "/work/evil.zip"
    _ = try #require(
      try Shell.python(
        "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], 'w')\nz.writestr('../../evil', 'x')\nz.close()\nprint(1)",
        [path]))
    let outcome = try sandbox.toys(["data", "prepare", "bold", "evil.zip", "--output", "out"])
    #expect(outcome.status == 1)
    #expect(outcome.err.contains("evil.zip: ../../evil: the entry's path leads out of the folder"), "\(outcome.err)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.root + "/work") == ["evil.zip"])
  }

  @Test func aRecordingOfOnesOwnIsMadeAndChecked() throws {
    let sandbox = try sandbox()
    let made = try sandbox.toys(["data", "create-session", "rec", "--duration", "3"])
    #expect(made.status == 0 && made.out.contains("3 rows to label in labels.csv") && made.out.contains("written: rec"))
    #expect(try sandbox.toys(["data", "create-session", "rec", "--duration", "3"]).status == 64)
    #expect(try sandbox.toys(["data", "create-session", "r", "--duration", "x"]).err.contains("--duration is x"))
    let check = try sandbox.toys(["data", "check", "rec"])
    #expect(check.status == 1 && check.out.contains("problem: ROOT/work/rec/session.json: the subject is missing"))
    #expect(check.out.contains("3 problems"))
  }

  @Test func aDatasetIsCheckedByThePluginThatClaimsIt() throws {
    let sandbox = try sandbox()
    func row(_ emotion: Int, _ level: Int, _ usage: String) -> String {
      "\(emotion),\((0..<2304).map { _ in "\(level)" }.joined(separator: " ")),\(usage)"
    }
    let good = (0..<7).map { row($0, $0, "Training") } + [row(0, 100, "PublicTest"), row(3, 101, "PrivateTest")]
    try write(sandbox, "good.csv", (["emotion,pixels,Usage"] + good).joined(separator: "\n"))
    let fine = try sandbox.toys(["data", "check", "good.csv"])
    #expect(fine.status == 0, "\(fine.out)\(fine.err)")
    #expect(fine.out.hasPrefix("good.csv as fer2013\n") && fine.out.contains("samples: 8 read, 8 distinct"))
    let auto = try sandbox.toys(["data", "check", "good.csv", "--dataset", "auto"])
    #expect(auto.status == 0 && auto.out == fine.out, "\(auto.err)")
    try write(
      sandbox, "bad.csv",
      (["emotion,pixels,Usage"] + good + [row(4, 0, "PublicTest"), "3,1 2 3,Training"]).joined(separator: "\n"))
    let bad = try sandbox.toys(["data", "check", "bad.csv", "--json"])
    #expect(bad.status == 1)
    let report = try #require(try JSONSerialization.jsonObject(with: Data(bad.out.utf8)) as? [String: Any])
    let codes = (report["findings"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    #expect(codes.contains("leak") && codes.contains("conflicting-labels") && codes.contains("unreadable"), "\(codes)")
    let gone = try sandbox.toys(["data", "check", "gone"])
    #expect(gone.status == 64 && gone.err.contains("gone: No such file"))
    #expect(try sandbox.toys(["data", "check", "/etc"]).err.contains("no dataset recognises /etc"))
  }

  /// The published facts of FER2013, over all seven classes in the files, and over the six that are loaded.
  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["SENTRY_FER2013"] != nil, "SENTRY_FER2013 names no unpacked FER2013"))
  func whatIsWrongWithFER2013IsFound() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["SENTRY_FER2013"])
    let outcome = try sandbox().toys(["data", "check", folder])
    #expect(outcome.status == 1)
    for text in [
      "files: 35887, 34034 distinct", "568 of 7178 files in test/ are byte-identical to files in train/",
      "46 of 3589 files in test/…/PublicTest_* are byte-identical to files in test/…/PrivateTest_*",
      "57 groups of identical files are in folders of different names", "samples: 35340 read, 33576 distinct",
      "leak: 265 of 3533 validation samples are identical to training samples",
      "leak: 272 of 3534 test samples are identical to training samples",
      "54 groups of identical samples have different labels",
    ] { #expect(outcome.out.contains(text), "\(text)") }
  }

  @Test func withoutPluginsThereIsNothingToList() throws {
    let outcome = try Sandbox(toys: false).run(["data", "list"])
    #expect(outcome.status == 1 && outcome.err.contains("no plugin offers a source of data"))
  }
}

private enum Shell {
  static func python(_ script: String, _ arguments: [String]) throws -> String? {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(text.dropLast()) : nil
  }
}
