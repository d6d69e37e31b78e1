import SentryImaging
import SentryPluginAPI
import SentryTables

/// An image on disk, or the part of it that a face box marks.
public struct ImageFile: SampleSource {
  /// The row of a table that names an image.
  public struct Listing: Sendable {
    public let table: String
    public let line: Int
    public init(table: String, line: Int) { (self.table, self.line) = (table, line) }
  }

  public let root: Folder
  /// Relative to the root.
  public let path: String
  public let listing: Listing?
  public let box: FaceBox?

  public init(root: Folder, path: String, listing: Listing? = nil, box: FaceBox? = nil) {
    (self.root, self.path, self.listing, self.box) = (root, path, listing, box)
  }

  public var name: String {
    root.join(path) + (listing.map { " (\($0.table) line \($0.line))" } ?? "")
  }

  public func read() throws -> Tensor {
    do throws(ImagingError) {
      var image = try Image.load(path: root.join(path))
      if let box { image = try box.crop(image) }
      return Tensor([image.height, image.width, image.channels], image.pixels)
    } catch {
      if let target = Folder.missingTarget(of: root.join(path)) {
        throw PluginError.badData(
          "\(name): the link points to \(target), which is not there", hint: "mend or remove the link")
      }
      throw PluginError.badData("\(name): \(error.reason)", hint: error.hint)
    }
  }

  public func fingerprint() -> Fingerprint? {
    guard let bytes = try? Image.readFile(path: root.join(path)) else { return nil }
    return bytes.withUnsafeBytes { Fingerprint($0) }
  }
}
