import Foundation

/// The real data beside the project. A test that needs them is skipped where they are absent; in CI, where the folder is
/// there, it runs and fails.
public enum SharedData {
  public static let folder = #filePath.split(separator: "/").dropLast(5).map { "/" + $0 }.joined() + "/shared"

  public static func path(_ relative: String) -> String { "\(folder)/data/\(relative)" }

  public static func expects(_ relative: String) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: path(relative))
      || (ProcessInfo.processInfo.environment["CI"] == "true" && files.fileExists(atPath: folder))
  }

  /// The folder of the unpacked archive, where someone has unpacked it.
  public static let unpackedFER2013 = ProcessInfo.processInfo.environment["SENTRY_FER2013"]
}
