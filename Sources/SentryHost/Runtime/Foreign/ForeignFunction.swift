import CFFI
import CSentryPlugin
import Glibc
import SentryPluginAPI
import Synchronization

/// A function of a library, and the form of its calls. Both stay for good, as plugins do.
struct ForeignFunction: @unchecked Sendable {
  let handle: UnsafeMutableRawPointer
  private let code: @convention(c) () -> Void
  private let form: UnsafeMutablePointer<ffi_cif>
  private let result: ForeignType
  private let isSerial: Bool

  /// One for the process: two functions of a library may share what they keep.
  private static let serial = Mutex(())

  /// Loads the library and finds the function.
  init(_ manifest: ForeignManifest, in file: PluginFile) throws {
    let library = file.path
    handle = try LoadedPlugin.open(file)
    guard dlsym(handle, SENTRY_PLUGIN_ENTRY) == nil else {
      throw PluginError.invalid(
        "\(library) is itself a plugin", hint: "remove the manifest, or name another 'library'")
    }
    guard let address = dlsym(handle, manifest.symbol) else {
      throw PluginError.invalid(
        "'symbol' is '\(manifest.symbol)', which \(library) does not have",
        hint: "nm -D --defined-only \(library) lists what it has")
    }
    guard try Self.isCode(address) else {
      throw PluginError.invalid(
        "'symbol' is '\(manifest.symbol)', which is not a function of \(library)",
        hint: "nm -D --defined-only \(library) marks functions with T, W or i")
    }
    code = unsafeBitCast(address, to: (@convention(c) () -> Void).self)
    (result, isSerial) = (manifest.result, manifest.threads == .serial)
    form = try Self.form(result, manifest.arguments.map(\.type))
  }

  private static func form(_ result: ForeignType, _ arguments: [ForeignType]) throws -> UnsafeMutablePointer<ffi_cif> {
    let types = UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>.allocate(capacity: max(arguments.count, 1))
    for (index, type) in arguments.enumerated() { (types + index).initialize(to: type.ffi) }
    let form = UnsafeMutablePointer<ffi_cif>.allocate(capacity: 1)
    form.initialize(to: ffi_cif())
    let status = ffi_prep_cif(form, FFI_DEFAULT_ABI, UInt32(arguments.count), result.ffi, types)
    guard status == FFI_OK else { throw PluginError("libffi cannot call such a function (status \(status.rawValue))") }
    return form
  }

  /// Calls the function with one value for each argument, of its type.
  /// - Returns: its result where that is an integer, else 0.
  func call(_ values: [ForeignValue]) -> Int64 {
    isSerial ? Self.serial.withLock { _ in callNow(values) } : callNow(values)
  }

  private func callNow(_ values: [ForeignValue]) -> Int64 {
    let size = ForeignValue.size
    return withUnsafeTemporaryAllocation(byteCount: (values.count + 1) * size, alignment: size) { room in
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: values.count + 1) { places in
        guard let base = room.baseAddress else { return 0 }
        for (index, value) in values.enumerated() {
          value.store(at: base + index * size)
          places.initializeElement(at: index, to: base + index * size)
        }
        let outcome = base + values.count * size
        outcome.storeBytes(of: 0, as: UInt64.self)
        ffi_call(form, code, outcome, places.baseAddress)
        // libffi widens what is narrower than a register.
        return switch result {
        case .int32: Int64(Int32(truncatingIfNeeded: outcome.load(as: Int64.self)))
        case .int64, .uint64: outcome.load(as: Int64.self)
        case .void, .float, .double, .pointer: 0
        }
      }
    }
  }

  /// Whether there is code at an address: a variable that is called ends the process.
  private static func isCode(_ address: UnsafeMutableRawPointer) throws -> Bool {
    let address = UInt(bitPattern: address)
    for line in (try SystemFile.text("/proc/self/maps") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2)
      let ends = fields.first?.split(separator: "-").compactMap { UInt($0, radix: 16) } ?? []
      if ends.count == 2, ends[0] <= address, address < ends[1] { return fields.count > 1 && fields[1].contains("x") }
    }
    return true
  }
}
