import SentryRuntime

/// Elements that a thread of its own makes ahead of the caller, a few at a time.
final class AheadQueue<Element>: @unchecked Sendable {
  // Unchecked: what makes elements belongs to the thread; everything else is behind the monitor.
  private let make: () throws -> Element?
  private let room: Int
  private let keepsNewest: Bool
  private let monitor = Monitor()
  private var elements: [Element] = []
  private var end: Result<Void, any Error>?
  private var isStopped = false
  private var passedOver = 0
  private var thread: NamedThread?

  /// - Parameters:
  ///   - name: of the thread.
  ///   - room: elements that wait for the caller; one more is made meanwhile.
  ///   - keepsNewest: only the newest element waits, so that a slow caller does not fall behind.
  ///   - make: the next element, nil at the end; called on the thread alone.
  init(_ name: String, room: Int, keepsNewest: Bool = false, make: @escaping () throws -> Element?) throws {
    (self.room, self.keepsNewest, self.make) = (room, keepsNewest, make)
    thread = try NamedThread(name) { [self] in fill() }
  }

  /// The next element, as soon as there is one; nil at the end.
  /// - Throws: what ended the making, after all elements that were made before.
  func next() throws -> Element? {
    try monitor.locked {
      monitor.wait { !elements.isEmpty || end != nil }
      defer { monitor.wakeAll() }
      guard elements.isEmpty else { return elements.removeFirst() }
      try end?.get()
      return nil
    }
  }

  /// Elements that the newest replaced so far.
  var replaced: Int { monitor.locked { passedOver } }

  /// Ends the making, and returns when the thread has ended. A caller that waits gets what was made.
  func stop() {
    let running = monitor.locked { () -> NamedThread? in
      isStopped = true
      monitor.wakeAll()
      defer { thread = nil }
      return thread
    }
    running?.join()
  }

  private func fill() {
    // Until the end, an error, or `stop`.
    while true {
      let element = Result { try make() }
      let goesOn = monitor.locked { () -> Bool in
        defer { monitor.wakeAll() }
        switch element {
        case .success(let element?):
          if keepsNewest {
            passedOver += elements.count
            elements = [element]
          } else {
            monitor.wait { elements.count < room || isStopped }
            elements.append(element)
          }
          return !isStopped
        case .success(nil): end = .success(())
        case .failure(let error): end = .failure(error)
        }
        return false
      }
      guard goesOn else { break }
    }
    monitor.locked {
      if end == nil { end = .success(()) }
      monitor.wakeAll()
    }
  }
}
