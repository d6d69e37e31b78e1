import SentryPluginAPI

extension PluginError {
  /// The error with whose it is before its message, unless the message says so already: what crosses the border may have been told
  /// by the component, or by the adapter.
  func titled(_ title: String) -> PluginError {
    message.hasPrefix(title) ? self : PluginError("\(title): \(message)", hint: hint, code: code)
  }
}
