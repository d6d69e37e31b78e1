import CSentryPlugin
import Foundation
import SentryFormats
import SentryPluginAPI
import SentryThreads
import Testing
@testable import SentryRuntime

/// The services as a plugin sees them: through the struct of C functions.
@Suite struct HostServicesTests {
  /// A state of its own: other tests run in this process at the same time.
  private let state = HostState()
  private let host: UnsafePointer<sentry_host>

  init() { host = HostServices.make(over: state) }

  @Test func versionAndSize() {
    #expect(host.pointee.struct_size == SENTRY_HOST_SIZE_1_0)
    #expect(host.pointee.abi_major == SENTRY_ABI_MAJOR)
    #expect(host.pointee.get_extension(host, "nothing/1") == nil)
    var (rank, size): (Int32, Int32) = (7, 7)
    host.pointee.world(host, &rank, &size)
    #expect((rank, size) == (0, 1))
  }

  @Test func seedsDependOnSeedStreamAndIndexAlone() {
    func seed(_ stream: String, _ index: UInt64) -> UInt64 { host.pointee.random_seed(host, stream, index) }
    state.seed = 42
    let first = seed("crop", 0)
    #expect(seed("crop", 0) == first)
    var all: Set<UInt64> = []
    for stream in ["crop", "flip", ""] { for index in 0..<1000 { all.insert(seed(stream, UInt64(index))) } }
    #expect(all.count == 3000)
    state.seed = 43
    #expect(seed("crop", 0) != first)
    state.seed = 42
    #expect(seed("crop", 0) == first)
  }

  @Test func metricsAreKeptUntilTaken() {
    _ = state.takeMetrics()
    host.pointee.metric(host, "a", 1)
    host.pointee.metric(host, "a", 2)
    #expect(state.takeMetrics() == ["a": 2])
    #expect(state.takeMetrics().isEmpty)
  }

  @Test func cancellationIsSeen() {
    #expect(host.pointee.is_cancelled(host) == 0)
    state.isCancelled = true
    #expect(host.pointee.is_cancelled(host) == 1)
    state.isCancelled = false
  }

  @Test(arguments: [0, 1, 3]) func everyIndexRunsOnce(threads: Int) throws {
    state.executor = threads == 0 ? nil : try ThreadPool(threadCount: threads)
    #expect(host.pointee.thread_count(host) == Int32(max(threads, 1)))
    for count in [0, 1, 2, 100] {
      let hits = Tensor([max(count, 1)], .int64)
      let values = try hits.elements(as: Int64.self)
      host.pointee.parallel_for(host, Int64(count), hits.data) { user, index, thread in
        user?.assumingMemoryBound(to: Int64.self)[Int(index)] += 1 + Int64(thread) * 0
      }
      #expect(values.prefix(count).allSatisfy { $0 == 1 })
    }
  }

  /// Plugins get what the host's own reader finds, and keep it as long as they hold a tensor.
  @Test func filesOfWeightsAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sentry-weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.pth").path
    let dictionary: [(name: String, tensor: StoredTensor)] = [
      ("module.fc.weight", try StoredTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])),
      ("module.runs", try StoredTensor([7] as [Int64], shape: [])),
    ]
    try PyTorchFile.write(.dict(["state_dict": .stateDict(dictionary)]), to: path)
    let plugin = Host(raw: host, component: "x")
    let weight = try plugin.weights(of: path)[0]
    #expect(weight.name == "fc.weight" && weight.value.shape == [2, 3])
    #expect(try weight.value.array(of: Float.self) == [1, 2, 3, 4, 5, 6])
    #expect(try plugin.weights(of: path).map(\.name) == ["fc.weight", "runs"])
    let missing = folder.appending(path: "b.pth").path
    let error = #expect(throws: PluginError.self) { try plugin.weights(of: missing) }
    #expect(error?.message.contains(missing) == true && error?.code == SENTRY_INVALID)
    try Data("nothing".utf8).write(to: URL(filePath: missing))
    let damaged = #expect(throws: PluginError.self) { try plugin.weights(of: missing) }
    #expect(damaged?.message.contains(missing) == true && damaged?.code == SENTRY_BAD_DATA)
    #expect(host.pointee.get_extension(host, "sentry.other/1") == nil)
  }

  @Test func reductionsAreCheckedAndTicketed() throws {
    func start(_ tensor: Tensor, _ operation: Int32 = SENTRY_REDUCE_SUM) throws -> UInt64 {
      var ticket: UInt64 = 0
      try tensor.withBorderTensor { view in
        try acrossBorder { host.pointee.all_reduce_start(host, view, operation, &ticket, $0) }
      }
      return ticket
    }
    func wait(_ ticket: UInt64) throws { try acrossBorder { host.pointee.all_reduce_wait(host, ticket, $0) } }
    let tensor = Tensor([3], [1, 2, 3] as [Float])
    let (first, second) = (try start(tensor), try start(tensor))
    #expect(first != second)
    try wait(second)
    try wait(first)
    #expect(Array(try tensor.elements(as: Float.self)) == [1, 2, 3])
    #expect(throws: PluginError.self) { try wait(first) }
    #expect(throws: PluginError.self) { try wait(0) }
    #expect(throws: PluginError.self) { try start(tensor, 9) }
    #expect(throws: PluginError.self) { try start(Tensor([3], .int64)) }
    let elsewhere = Tensor([3], .float32, over: tensor.data, owner: tensor, deviceType: 2)
    #expect(throws: PluginError.self) { try start(elsewhere) }
  }
}
