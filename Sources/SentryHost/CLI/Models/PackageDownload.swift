import SentryDownload
import SentryPluginAPI
import SentryRuntime

/// A package on its way from an index to this disk.
struct PackageDownload {
  let package: RequiredFile.Package
  let index: PackageIndex
  let downloader: Downloader

  /// - Parameter elsewhere: what a user can do without the index.
  init(
    _ package: RequiredFile.Package, index: PackageIndex, options: DownloadOptions, environment: DownloadEnvironment,
    elsewhere: String
  ) {
    var options = options
    options.elsewhere = elsewhere
    (self.package, self.index) = (package, index)
    downloader = Downloader(options: options, environment: environment)
  }

  /// Fetches a wheel of the package into a folder.
  /// - Returns: its path.
  func fetch(into folder: String) throws -> String {
    let page = index.page(of: package.name)
    let wheels = WheelName.candidates(
      among: PackageIndex.files(in: try text(of: page, in: folder), at: page), project: package.name,
      version: package.version)
    guard let wheel = wheels.first else {
      throw PluginError(
        "\(page): the index has no wheel of \(package.name) \(package.version)", hint: downloader.options.elsewhere)
    }
    // The index chooses the name of the file on it, not of the file here.
    let path = "\(folder)/\(package.name)-\(package.version).whl"
    try SystemFile.removeFile(path)
    _ = try downloader.fetch(Download(url: wheel.url, path: path, sha256: wheel.sha256))
    return path
  }

  private func text(of page: String, in folder: String) throws -> String {
    var options = downloader.options
    options.largest = 64 << 20
    let path = "\(folder)/index.html"
    for left in [path, path + ".part"] { try SystemFile.removeFile(left) }
    defer { try? SystemFile.removeFile(path) }
    _ = try Downloader(options: options, environment: downloader.environment).fetch(Download(url: page, path: path))
    return try SystemFile.text(path) ?? ""
  }
}
