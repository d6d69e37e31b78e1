import CSentryPlugin
import Foundation
import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct MemoryPlanTests {
  /// 100 bytes and 10 a sample.
  private func plan(_ batch: Int, asked: Int? = nil, available: Int) throws -> MemoryPlan {
    try MemoryPlan(batchSize: batch, asked: asked, available: available) { 100 + 10 * $0 }
  }

  @Test func aBatchThatFitsIsLeftWhole() throws {
    let plan = try plan(64, available: 740)
    #expect(plan.batchBytes == 740 && plan.microBatch == nil && plan.missingBytes == 0 && !plan.automatic)
  }

  @Test func oneThatDoesNotIsSplitIntoEvenParts() throws {
    // 63 would fit, but 63 and 1 are poorer parts than 32 and 32.
    let half = try plan(64, available: 739)
    #expect(half.microBatch == 32 && half.microBatchBytes == 420 && half.automatic && half.missingBytes == 0)
    #expect(try plan(64, available: 320).microBatch == 22)
    #expect(try plan(64, available: 110).microBatch == 1)
    #expect(try plan(7, available: 145).microBatch == 4)
  }

  @Test func oneSampleThatDoesNotFitIsAnError() throws {
    let error = #expect(throws: PluginError.self) { _ = try plan(64, available: 109) }
    #expect(error?.code == SENTRY_NO_MEMORY)
    #expect(error?.hint?.contains("run.memory-limit") == true)
    #expect(throws: PluginError.self) { _ = try plan(1, available: 50) }
  }

  @Test func whatTheUserAsksForIsDone() throws {
    #expect(try plan(64, asked: 16, available: 10_000).microBatch == 16)
    #expect(try plan(64, asked: 64, available: 10_000).microBatch == nil)
    let short = try plan(64, asked: 16, available: 200)
    #expect(short.microBatch == 16 && short.missingBytes == 60 && !short.automatic)
  }

  /// A root with files of /proc and /sys as in `files`.
  private func root(_ files: [String: String]) throws -> String {
    let root = "/tmp/sentry-memory-\(UUID().uuidString)"
    for (path, text) in files {
      let file = URL(fileURLWithPath: "\(root)/\(path)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return root
  }

  @Test func theSmallestLimitHolds() throws {
    let meminfo = "MemTotal: 100 kB\nMemFree:   9 kB\nMemAvailable:     4096 kB\n"
    let plain = try root(["proc/meminfo": meminfo])
    let unified = try root([
      "proc/meminfo": meminfo, "proc/self/cgroup": "0::/user/job\n",
      "sys/fs/cgroup/user/job/memory.max": "max\n", "sys/fs/cgroup/user/job/memory.current": "9\n",
      "sys/fs/cgroup/user/memory.max": "1000000\n", "sys/fs/cgroup/user/memory.current": "900000\n",
      "sys/fs/cgroup/user/memory.stat": "anon 5\ninactive_file 200000\n",
    ])
    let legacy = try root([
      "proc/meminfo": meminfo, "proc/self/cgroup": "7:cpu,cpuacct:/x\n5:memory:/job\n",
      "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "500000\n",
      "sys/fs/cgroup/memory/job/memory.usage_in_bytes": "600000\n",
    ])
    defer { for path in [plain, unified, legacy] { try? FileManager.default.removeItem(atPath: path) } }
    #expect(Machine.availableMemory(root: plain) == 4_194_304)
    #expect(Machine.availableMemory(root: unified) == 300_000)
    #expect(Machine.availableMemory(root: legacy) == 0)
    #expect(Machine.availableMemory(root: "/nowhere") == nil)
  }

  @Test func thisMachineHasMemory() throws {
    #expect(try #require(Machine.availableMemoryBytes) > 1 << 20)
    #expect(try #require(Machine.residentMemoryBytes) > 1 << 20)
    #expect(Machine.secondsSinceStart > 0 && Machine.secondsSinceStart < 100_000)
  }

  /// `ulimit -v` and `ulimit -d`.
  @Test func theProcesssOwnLimitsHold() throws {
    func limits(_ space: String, _ data: String) throws -> Int? {
      let root = try root([
        "proc/meminfo": "MemAvailable:     4096 kB\n",
        "proc/self/limits": "Limit                     Soft Limit           Hard Limit           Units     \n"
          + "Max data size             \(data)            unlimited            bytes     \n"
          + "Max address space         \(space)            unlimited            bytes     \n",
        "proc/self/status": "Name:\tsentry\nVmPeak:\t    9000 kB\nVmSize:\t    1000 kB\nVmData:\t     500 kB\n",
      ])
      defer { try? FileManager.default.removeItem(atPath: root) }
      return Machine.availableMemory(root: root)
    }
    #expect(try limits("unlimited", "unlimited") == 4_194_304)
    #expect(try limits("2048000", "unlimited") == 1_024_000)
    #expect(try limits("2048000", "768000") == 256_000)
    #expect(try limits("1000", "unlimited") == 0)
  }

  @Test func aReserveIsLeft() {
    #expect(Machine.memoryReserve(of: 100_000_000) == 32 << 20)
    #expect(Machine.memoryReserve(of: 2_000_000_000) == 100_000_000)
    #expect(Machine.memoryReserve(of: 100_000_000_000) == 512 << 20)
  }
}
