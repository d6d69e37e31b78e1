import CSentryPlugin
import Glibc
import SentryPluginAPI
import Synchronization

/// The processes that train one run together, as this one of them sees them. A process alone is a world, too: then everything here
/// gives back what it was given.
package final class World: Sendable {
  /// Names of the processes, for people.
  package struct Member: Codable, Sendable, Equatable {
    var host: String
    /// The CPU cores that this process may use, by number.
    var cores: [Int]
    /// The number of the process on its machine.
    var process: Int32
  }

  package static let alone = World(nil)

  package let rank: Int
  package let size: Int
  /// Processes on this machine.
  package let localSize: Int
  /// What connects the processes; nil for one alone.
  package let engine: String?
  let operations: WorldOperations?
  private let members = Mutex<[Member]>([])
  private let placing = Mutex("")
  private let agreed = Atomic(false)

  /// - Parameter communicator: nil for a process alone.
  package init(_ communicator: (any Communicator)?, patience: Double = 60) {
    let about = communicator?.specification
    (rank, size) = (about?.rank ?? 0, about?.size ?? 1)
    (localSize, engine) = (about?.localSize ?? 1, about?.engine)
    operations = communicator.map { WorldOperations($0, patience: patience) }
  }

  /// The one that writes and prints.
  package var isLeader: Bool { rank == 0 }

  /// Where the run is, for messages about operations that do not end.
  package var place: String {
    get { placing.withLock { $0 } }
    set { placing.withLock { $0 = newValue } }
  }

  /// Tells the processes of each other. To be called once, on all ranks.
  package func introduce() throws {
    guard let operations else { return }
    let own = Member(
      host: operations.communicator.specification.host, cores: Machine.allowedCores, process: getpid())
    let all = try gather(own)
    members.withLock { $0 = all }
    operations.names = all.enumerated().map { "rank \($0.offset) (\($0.element.host))" }
  }

  /// `rank 1 (node2)`
  package func title(ofRank rank: Int) -> String {
    members.withLock { $0.indices.contains(rank) ? "rank \(rank) (\($0[rank].host))" : "rank \(rank)" }
  }

  /// This process's share of the cores of its machine: of those that it may use, divided among the processes that may use the same.
  package var coreShare: Int {
    members.withLock { members in
      guard size > 1, members.indices.contains(rank) else { return Machine.coreCount }
      let own = members[rank]
      return max(1, own.cores.count / members.count { $0.host == own.host && $0.cores == own.cores })
    }
  }

  /// Cores of this machine that none of its processes may use, because the launcher binds them to others.
  package var idleCores: Int {
    members.withLock { members in
      guard size > 1, members.indices.contains(rank) else { return 0 }
      let used = Set(members.filter { $0.host == members[rank].host }.flatMap(\.cores))
      return max(0, Machine.coreCount - used.count)
    }
  }

  /// The number of the leader's process, where that is on this machine.
  package var leaderProcess: Int32? {
    members.withLock { members in
      guard members.indices.contains(rank), let leader = members.first, leader.host == members[rank].host else {
        return nil
      }
      return leader.process
    }
  }

  /// So much of what the machine has one of: at least 1 of anything.
  package func share(of machine: Int) -> Int { machine > 0 ? max(1, machine / localSize) : 0 }

  // MARK: ends

  /// Whether the last failure was thrown on all ranks.
  package var hasAgreed: Bool { agreed.load(ordering: .relaxed) }
  func noteAgreement() { agreed.store(true, ordering: .relaxed) }

  /// Runs what fails alike on all ranks, because it judges what is the same on all.
  package func alike<Result>(_ body: () throws -> Result) rethrows -> Result {
    do {
      return try body()
    } catch {
      noteAgreement()
      throw error
    }
  }

  /// Leaves the others, together with them.
  package func end() { operations?.end() }

  /// Ends all processes at once.
  package func abort(status: Int32) { operations?.communicator.abort(status: status) }
}
