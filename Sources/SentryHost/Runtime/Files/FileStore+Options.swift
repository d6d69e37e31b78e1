import SentryPluginAPI

extension FileStore {
  /// The options of a component as it is made with them: each file option that is not set gets the path of the installed file.
  /// What is recorded of a run or a model stays without it, since the path is this machine's.
  ///
  /// - Parameter wayOut: what a user can do instead, for the error.
  /// - Throws: ``PluginError`` for a file that is missing or damaged.
  func complete(_ options: JSONValue, of entry: Registry.Entry, wayOut: String?) throws -> JSONValue {
    guard case .object(var values) = options else { return options }
    for option in try entry.schema().settable {
      guard let file = option.requiredFile, (values[option.name]?.stringValue ?? "").isEmpty else { continue }
      switch state(of: file) {
      case .installed: values[option.name] = .string(try path(of: file))
      case .missing:
        let path = try path(of: file)
        throw unavailable(file, option, of: entry, "is not installed (\(path) does not exist)", wayOut)
      case .damaged(let why):
        throw unavailable(file, option, of: entry, "is damaged (\(try path(of: file)): \(why))", wayOut)
      }
    }
    return .object(values)
  }

  private func unavailable(
    _ file: RequiredFile, _ option: OptionProperty, of entry: Registry.Entry, _ what: String, _ wayOut: String?
  ) -> PluginError {
    let ways = [
      "sentry models get \(file.group) installs it", "--set \(entry.kind.rawValue).\(option.name)=PATH names another",
      wayOut,
    ].compactMap(\.self)
    return PluginError(
      "\(entry.title): its file \(file.name) \(what)",
      hint: ways.dropLast().joined(separator: ", ") + ", or " + (ways.last ?? ""))
  }
}
