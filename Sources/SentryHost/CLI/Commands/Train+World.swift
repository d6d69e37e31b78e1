import ArgumentParser
import Glibc
import SentryPluginAPI
import SentryRuntime
import SentryTraining

extension Train {
  /// Runs what one of several processes does, and leaves the others in the end.
  func ending(_ world: World, _ body: () throws -> Void) throws {
    guard world.size > 1 else { return try body() }
    do {
      try body()
      world.end()
    } catch {
      leave(world, error)
    }
  }

  /// Where all have failed alike, the leader tells why; else this process does, and ends the others.
  private func leave(_ world: World, _ error: any Error) -> Never {
    if let ending = error as? ExitCode {
      world.end()
      Failure.exit(ending.rawValue)
    }
    let error = error as? PluginError ?? PluginError(String(describing: error))
    let status = Failure.status(of: error)
    if world.hasAgreed {
      if world.isLeader { Console.error(Failure.text(of: error)) }
      world.end()
      Failure.exit(status)
    }
    Console.error("\(world.title(ofRank: world.rank)): \(Failure.text(of: error))")
    HostGuard.release(status)
    world.abort(status: status)
    Failure.exit(status)
  }
}

/// The reporter of those who do not lead: what they would say, the leader says.
struct SilentReporter: TrainingReporter {
  func note(_ text: String) {}
  func warn(_ text: String) {}
  func step(_ report: StepReport) {}
  func epoch(_ report: EpochReport) {}
}
