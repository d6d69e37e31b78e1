import CSDL
import Foundation
import SentryVideo
import Testing

/// SDL's dummy driver has no screen, and everything else.
@Suite @MainActor struct WindowTests {
  /// One test, because the process has one window: it cannot be opened, and then can.
  @Test func noScreenThenKeysThenClosing() throws {
    for (name, value) in [("SDL_VIDEODRIVER", nil), ("SDL_VIDEODRIVER", "none-such"), ("DISPLAY", ":4711")] {
      for name in ["DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"] { unsetenv(name) }
      if let value { setenv(name, value, 1) }
      let error = try #require(throws: VideoError.self) { _ = try Self.show(size: 16, waiting: 0) }
      #expect(error.code == .noDisplay && error.hint.contains("--headless"))
    }

    setenv("SDL_VIDEODRIVER", "dummy", 1)
    #expect(try Self.show(size: 16, waiting: 0) == .none)
    #expect(sentry_window_press(0x71) == 1)
    #expect(try Self.show(size: 24, waiting: 5) == .character("q"))
    #expect(sentry_window_press(-1) == 1)
    #expect(try Self.show(size: 24, waiting: 5) == .closed)
    #expect(try Self.show(size: 24, waiting: 0) == .none)
  }

  private static func show(size: Int, waiting: Double) throws -> PictureWindow.Key {
    try PictureWindow.show(
      [UInt8](repeating: 9, count: size * size * 3), width: size, height: size, title: "test", waiting: waiting)
  }
}
