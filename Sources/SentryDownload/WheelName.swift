/// The name of a wheel (PEP 427): `project-version(-build)-python-abi-platform.whl`.
public struct WheelName: Sendable, Equatable {
  public let project, version, platform: String

  public init?(_ name: String) {
    guard name.hasSuffix(".whl") else { return nil }
    let parts = name.dropLast(4).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard (5...6).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    (project, version, platform) = (PackageIndex.normalised(parts[0]), parts[1], parts[parts.count - 1])
  }

  /// The files of a page that are wheels of a version, the best to take data files from first: those are the same for every
  /// version of Python, and may not be for every system.
  public static func candidates(
    among files: [PackageIndex.File], project: String, version: String
  ) -> [PackageIndex.File] {
    let project = PackageIndex.normalised(project)
    return files.compactMap { file -> (rank: Int, file: PackageIndex.File)? in
      guard let wheel = WheelName(file.name), wheel.project == project, wheel.version == version else { return nil }
      return (wheel.rank, file)
    }.sorted { ($0.rank, $0.file.name) < ($1.rank, $1.file.name) }.map(\.file)
  }

  private var rank: Int {
    if platform == "any" { return 0 }
    guard platform.contains("linux") else { return 3 }
    return platform.contains("x86_64") ? 1 : 2
  }
}
