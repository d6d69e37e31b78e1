import BenchWorker
import EmotionDenseNet
import SentryNN

/// Warms the network up with one pass, serves rounds, and ends with what the process took and, where asked for, a profile.
///
/// - Parameter base: what the process had taken before the network was made.
func serve(_ network: EmotionNet, _ options: NetworkOptions, items: Int, base: Int, _ pass: () throws -> Void) throws {
  let context = network.context
  try pass()
  if options.profile { _ = context.takeProfile() }
  let worker = Worker(items: items, passes: options.passes, rounds: options.rounds)
  let passes = try worker.serve(
    telling: "{\"implementations\": \"\(network.implementations.sorted().joined(separator: " "))\"}", pass)
  var profile = ""
  if options.profile {
    let milliseconds = context.takeProfile().filter { $0.seconds > 0 }
      .map { "\"\($0.operation)\": \($0.seconds * 1e3 / Double(max(1, passes)))" }
    profile = ", \"profile_ms\": {\(milliseconds.joined(separator: ", "))}"
  }
  let estimate = network.estimatedTrainingBytes(batch: items)
  Worker.say("{\"peak_bytes\": \(peakBytes()), \"base_bytes\": \(base), \"estimated_bytes\": \(estimate)\(profile)}")
}
