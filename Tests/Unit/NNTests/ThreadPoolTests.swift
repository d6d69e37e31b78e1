import Foundation
import SentryThreads
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 5], [0, 1, 2, 7, 100]) func everyIndexOnceByTheStaticSplit(threads: Int, count: Int) throws
  {
    let pool = try ThreadPool(threadCount: threads)
    for _ in 0..<20 {
      let owners = (0..<max(count, 1)).map { _ in Cell() }
      pool.run(count) { index, thread in owners[index].value.add(thread + 1, ordering: .relaxed) }
      for index in 0..<count {
        let thread = owners[index].value.load(ordering: .relaxed) - 1
        #expect(count * thread / threads <= index && index < count * (thread + 1) / threads)
      }
    }
  }

  @Test func manyShortRuns() throws {
    let pool = try ThreadPool(threadCount: 3)
    let total = Cell()
    for round in 0..<2000 {
      if round % 500 == 0 { usleep(2000) }  // Lets the workers fall asleep.
      pool.run(3) { _, _ in total.value.add(1, ordering: .relaxed) }
    }
    #expect(total.value.load(ordering: .relaxed) == 6000)
  }

  @Test func workersAreNamedAndPrepared() throws {
    let prepared = Cell()
    let pool = try ThreadPool(threadCount: 3) { prepared.value.add($0, ordering: .relaxed) }
    let names = (0..<3).map { _ in Name() }
    pool.run(3) { index, _ in
      let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
      names[index].value.withLock { $0 = name.trimmingCharacters(in: .newlines) }
    }
    #expect(names[1].value.withLock { $0 } == "sentry-work-1")
    #expect(names[2].value.withLock { $0 } == "sentry-work-2")
    #expect(prepared.value.load(ordering: .relaxed) == 3)
  }

  @Test func severalCallersQueueUp() async throws {
    let pool = try ThreadPool(threadCount: 2)
    let total = Cell()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<50 { pool.run(4) { _, _ in total.value.add(1, ordering: .relaxed) } } }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 1600)
  }

  @Test func aNestedRunStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let pool = try ThreadPool(threadCount: 2)
      pool.run(2) { _, _ in pool.run(1) { _, _ in } }
    }
  }
}

private final class Cell: Sendable {
  let value = Atomic<Int>(0)
}

private final class Name: Sendable {
  let value = Mutex("")
}
