extension Image {
  /// The endings of the names of files that ``load(path:limits:)`` reads.
  public static let fileExtensions = ["jpg", "jpeg", "png", "bmp"]
}

extension String {
  /// Whether the name is that of a format that ``Image`` reads.
  public var hasImageExtension: Bool {
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return Image.fileExtensions.contains(self[index(after: dot)...].lowercased())
  }
}
