/// A node ready to run: pieces that depend on none of their kind, so that threads may share them.
public struct GraphStep {
  let pieces: Int
  let run: (_ piece: Int, _ workspace: Workspace) throws -> Void
  /// oneDNN's names of what computes it; none where it is a loop of our own.
  var implementations: [String] = []

  init(primitives: [GraphPrimitive]) {
    pieces = primitives.count
    run = { piece, workspace in try primitives[piece].run(workspace) }
    implementations = primitives.map(\.implementation)
  }

  init(_ run: @escaping () -> Void) {
    pieces = 1
    self.run = { _, _ in run() }
  }
}
