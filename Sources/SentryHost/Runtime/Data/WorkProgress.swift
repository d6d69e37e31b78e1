/// How a long piece of work over many items goes, told to whoever shows it.
package struct WorkProgress: Sendable {
  /// What is done, how much of it, and of how many.
  package var update: @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void
  /// The work has ended: what was shown of it may go.
  package var end: @Sendable () -> Void

  package init(
    update: @escaping @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void, end: @escaping @Sendable () -> Void
  ) {
    (self.update, self.end) = (update, end)
  }
}
