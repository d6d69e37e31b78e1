import Foundation

/// The real data beside the project. A test that needs them is skipped where they are absent; in CI, where the folder is
/// there, it runs and fails.
enum SharedData {
  static let folder: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { url.deleteLastPathComponent() }
    return url.deletingLastPathComponent().appendingPathComponent("shared").path
  }()

  static func path(_ relative: String) -> String { "\(folder)/data/\(relative)" }

  static func expects(_ relative: String) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: path(relative))
      || (ProcessInfo.processInfo.environment["CI"] == "true" && files.fileExists(atPath: folder))
  }
}

extension SharedData {
  static let unpackedFER2013 = ProcessInfo.processInfo.environment["SENTRY_FER2013"]
}
