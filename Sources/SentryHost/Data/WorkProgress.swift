/// How a long piece of work over many items goes, told to whoever shows it.
struct WorkProgress: Sendable {
  /// What is done, how much of it, and of how many.
  var update: @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void
  /// The work has ended: what was shown of it may go.
  var end: @Sendable () -> Void
}
