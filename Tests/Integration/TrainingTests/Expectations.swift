import SentryPluginAPI
import Testing

/// Expects a ``PluginError`` whose text, hint included, holds all of these.
func expectError(
  _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("no error was thrown; expected \(parts)", sourceLocation: sourceLocation)
  } catch let error as PluginError {
    for part in parts {
      #expect(error.description.contains(part), "\(error)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
}
