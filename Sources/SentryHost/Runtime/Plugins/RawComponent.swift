import SentryPluginAPI

/// A component as the memory that the border gives it, before anything relies on what is in there. Every kind's struct begins alike:
/// `struct_size`, `context`, and then functions, `destroy` first and `get_extension` last.
package final class RawComponent {
  private let kind: ComponentKind
  private let object: UnsafeMutableRawPointer
  private let callee: Callee
  private var isOwned = true

  package init(_ kind: ComponentKind, _ name: String, of plugin: LoadedPlugin, options: String) throws {
    self.kind = kind
    callee = Callee(kind, name, of: plugin.file)
    object = try plugin.make(kind, name, options: options)
  }

  deinit {
    // One that is incomplete is not touched.
    guard isOwned, flaw == nil else { return }
    typealias Destroy = @convention(c) (UnsafeMutableRawPointer) -> Void
    object.load(fromByteOffset: Self.firstFunction, as: Destroy.self)(object)
  }

  private static let firstFunction = 16
  private static let word = MemoryLayout<UInt>.size

  /// What is wrong with the struct itself; nil: it can be used.
  package var flaw: String? {
    StructFlaw(of: object, functionsFrom: Self.firstFunction, to: kind.firstSize)?.description
  }

  /// Whether it offers an extension. To be called on one without flaws.
  package func offers(_ id: String) -> Bool {
    typealias Find = @convention(c) (UnsafeRawPointer, UnsafePointer<CChar>) -> UnsafeRawPointer?
    return object.load(fromByteOffset: kind.firstSize - Self.word, as: Find.self)(object, id) != nil
  }

  /// The object in the adapter of its kind, which from then on owns it.
  package func adopted<Imported: ImportedComponent>(by type: Imported.Type) throws -> Imported {
    isOwned = false
    return try Imported(adopting: object, as: callee)
  }
}
