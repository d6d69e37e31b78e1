import SentryPluginAPI

extension DatasetOptions {
  /// Refuses an option that the form of the data has no use for: in the words of the host, which knows of options that others rule out
  /// and not of forms.
  ///
  /// - Parameters:
  ///   - value: what the option says.
  ///   - fallback: its default, which may always stand.
  ///   - reason: a sentence on the data.
  /// - Throws: ``PluginError`` (invalid) where the value is not the default.
  public static func refuseUnused<Value: Equatable>(
    _ option: String, _ value: Value, unless fallback: Value, because reason: String
  ) throws {
    guard value != fallback else { return }
    throw PluginError.invalid(
      "dataset.\(option) has no effect: \(reason)",
      hint: "leave it out; where a trained model brings it, give its default, --set dataset.\(option)=\(fallback)")
  }
}
