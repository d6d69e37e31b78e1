import Testing

@testable import SentryInference

@Suite struct FramePacerTests {
  private func frame(_ time: Double) -> LiveFrame { LiveFrame(index: 0, time: time, width: 1, height: 1) }

  @Test func framesOfAFileWait() {
    var pacer = FramePacer(isLive: false)
    #expect(pacer.delay(after: frame(-0.5), at: 100) == 0)
    #expect(pacer.delay(after: frame(0), at: 100.25) == 0.25)
    // Late ones do not, and gaps are shortened.
    #expect(pacer.delay(after: frame(0.25), at: 102) == 0)
    #expect(pacer.delay(after: frame(60), at: 102) == 1)
    pacer.restart()
    #expect(pacer.delay(after: frame(70), at: 200) == 0)
    #expect(pacer.delay(after: frame(70.5), at: 200) == 0.5)
  }

  @Test func aCameraSetsItsPace() {
    var pacer = FramePacer(isLive: true)
    #expect(pacer.delay(after: frame(0), at: 0) == 0 && pacer.delay(after: frame(9), at: 0) == 0)
  }
}
