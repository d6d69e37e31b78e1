import CSentryPlugin

extension Exported {
  /// What a model or trainer measured, as the border tells it.
  func takeProfile() -> UnsafePointer<CChar> {
    // Seconds that JSON has a number for.
    let seconds = ((value as? any Profiled)?.takeProfile() ?? [:]).filter { $0.value.isFinite }
    return lend((try? JSON.text(seconds)) ?? "{}", as: "profile")
  }
}

/// - Parameter take: finds the object's value, and asks it.
func profileOffer<Value>(_ take: @convention(c) (UnsafeRawPointer) -> UnsafePointer<CChar>) -> ExtensionOffer<Value> {
  ExtensionOffer(SENTRY_EXTENSION_PROFILE, size: MemoryLayout<sentry_profile>.size, of: { $0 is any Profiled }) {
    (table: UnsafeMutablePointer<sentry_profile>) in table.pointee.take = take
  }
}
