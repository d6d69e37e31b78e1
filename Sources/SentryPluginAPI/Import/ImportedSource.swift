public import CSentryPlugin

public final class ImportedSource: TemplateSource, @unchecked Sendable {
  // Unchecked: the border lets these be called on the main thread alone.
  private let object: UnsafeMutablePointer<sentry_source>
  public let entry: CatalogueEntry

  public init(adopting object: UnsafeMutablePointer<sentry_source>) throws {
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_SOURCE_SIZE_1_0, "sentry_source")
    entry = try JSON.decode(from: String(cString: object.pointee.describe(object)), what: "the source's description")
  }
  deinit { object.pointee.destroy(object) }

  public func prepare(_ raw: String, to output: String) throws -> SourceReport {
    try report("the preparer's report") { object.pointee.prepare(object, raw, output, $0, $1) }
  }

  /// Whether the source has the extension `sentry.source.template/1`.
  public var hasTemplate: Bool { object.pointee.get_extension(object, SENTRY_EXTENSION_SOURCE_TEMPLATE) != nil }

  public func createTemplate(at folder: String, seconds: Double) throws -> SourceReport {
    let table = try template()
    return try report("the template's report") { table.pointee.create(object, folder, seconds, $0, $1) }
  }

  public func checkTemplate(at folder: String) throws -> TemplateCheck {
    let table = try template()
    return try report("the template's report") { table.pointee.check(object, folder, $0, $1) }
  }

  private func template() throws -> UnsafePointer<sentry_source_template> {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_SOURCE_TEMPLATE) else {
      throw PluginError("\(entry.key) has no template", code: SENTRY_UNSUPPORTED)
    }
    let table = raw.assumingMemoryBound(to: sentry_source_template.self)
    try checkSize(table.pointee.struct_size, atLeast: SENTRY_SOURCE_TEMPLATE_SIZE_1_0, "sentry_source_template")
    return table
  }

  private func report<Report: Decodable>(
    _ what: String,
    _ call: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<sentry_error>) -> sentry_status
  ) throws -> Report {
    var text: UnsafePointer<CChar>?
    try acrossBorder { call(&text, $0) }
    guard let text else { throw PluginError("the plugin reported success but gave no report") }
    return try JSON.decode(from: String(cString: text), what: what)
  }
}
