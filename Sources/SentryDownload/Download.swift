/// One file to fetch, and where it shall stand.
public struct Download: Sendable {
  /// http or https.
  public var url: String
  /// The final name; until the file is whole and checked it is `PATH.part`.
  public var path: String
  public var bytes: Int?
  /// In hexadecimal, whatever the case.
  public var md5, sha256: String?

  public init(url: String, path: String, bytes: Int? = nil, md5: String? = nil, sha256: String? = nil) {
    (self.url, self.path, self.bytes, self.md5, self.sha256) = (url, path, bytes, md5, sha256)
  }

  var hasChecksum: Bool { md5 != nil || sha256 != nil }
}

public struct DownloadOptions: Sendable {
  /// Nil: what the environment says (https_proxy, no_proxy, …).
  public var proxy: String?
  /// How often a transfer that broke off is taken up again.
  public var retries = 4
  /// Gives up on a server that sends less than 100 bytes a second for so long.
  public var stallSeconds = 30
  public var connectSeconds = 20
  public var redirectLimit = 8
  /// Whether redirects must lead to https; nil: where the address itself is https.
  public var secureRedirectsOnly: Bool?
  /// The wait before the first retry; each further one is twice as long, up to 30 seconds.
  public var firstWait = 1.0
  public var overwrite = false
  public var userAgent = "sentry"
  /// What a user can do where a server does not give the file: the end of a hint.
  public var elsewhere = "give another --mirror"
  /// Bytes beyond which nobody expects the file; nil: as many as the disk has room for.
  public var largest: Int?
  /// Free space that must be left on the disk.
  public var spareBytes = 64 << 20

  public init() {}
}

public struct DownloadProgress: Sendable {
  public var name: String
  public var done: Int
  public var total: Int?
  /// What was there when this transfer began.
  public var resumedAt: Int
}

/// What a download takes from the process around it.
public struct DownloadEnvironment: Sendable {
  public var isCancelled: @Sendable () -> Bool
  public var progress: @Sendable (DownloadProgress) -> Void
  /// A sentence for the user.
  public var note: @Sendable (String) -> Void
  /// Free bytes on the disk of a folder; nil where nobody knows.
  public var freeSpace: @Sendable (String) -> Int?
  public var sleep: @Sendable (Double) -> Void

  public init(
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in },
    note: @escaping @Sendable (String) -> Void = { _ in },
    freeSpace: @escaping @Sendable (String) -> Int? = Disk.freeBytes(at:),
    sleep: @escaping @Sendable (Double) -> Void = Disk.sleep
  ) {
    (self.isCancelled, self.progress, self.note) = (isCancelled, progress, note)
    (self.freeSpace, self.sleep) = (freeSpace, sleep)
  }
}

public enum DownloadOutcome: Sendable, Equatable {
  case fetched(bytes: Int)
  /// The file was there, and is what was asked for as far as anyone can tell.
  case alreadyThere
}
