/// Names in a message: all of them where they are few, else the first and how many more there are.
public func listed(_ names: some Collection<String>, atMost limit: Int = 8) -> String {
  let shown = names.sorted().prefix(limit).joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
