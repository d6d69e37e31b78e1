import FoundationEssentials
import Glibc

/// A Python with PyTorch, for tests that ask it what it makes of our files: `SENTRY_PYTHON`, or what `make peers` installed.
public enum PeerPython {
  public static let interpreter: String? = {
    let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
    return [ProcessInfo.processInfo.environment["SENTRY_PYTHON"], "\(root)/.peers/bin/python"]
      .compactMap { $0 }.first { access($0, X_OK) == 0 }
  }()

  public static let missing = "no Python with PyTorch: run make peers, or set SENTRY_PYTHON"
}
