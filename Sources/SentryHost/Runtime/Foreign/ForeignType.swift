import CFFI
import SentryPluginAPI

/// A type of C in a manifest.
enum ForeignType: String, CaseIterable, Sendable {
  case void, int32, int64, uint64, float, double, pointer

  /// The library's own description of the type; valid for good.
  var ffi: UnsafeMutablePointer<ffi_type>? {
    switch self {
    case .void: sentry_ffi_void()
    case .int32: sentry_ffi_int32()
    case .int64: sentry_ffi_int64()
    case .uint64: sentry_ffi_uint64()
    case .float: sentry_ffi_float()
    case .double: sentry_ffi_double()
    case .pointer: sentry_ffi_pointer()
    }
  }

  var isInteger: Bool { [.int32, .int64, .uint64].contains(self) }
  var isFloating: Bool { self == .float || self == .double }

  /// What to write for a type that was spelt as C spells it, or else what there is.
  static func hint(for word: String, among types: [ForeignType]) -> String? {
    // Before the nearest word, which of `float*` would be `float`.
    let known: ForeignType? =
      switch word.filter({ $0 != " " }) {
      case let word where word.hasSuffix("*"): .pointer
      case "int", "unsigned", "unsignedint", "uint32", "uint32_t", "bool": .int32
      case "long", "longlong", "ssize_t", "ptrdiff_t": .int64
      case "size_t", "unsignedlong", "unsignedlonglong", "uintptr_t": .uint64
      default: nil
      }
    if let known, types.contains(known) { return "write '\(known.rawValue)'" }
    return Suggestion.hint(for: word, among: types.map(\.rawValue))
  }
}
