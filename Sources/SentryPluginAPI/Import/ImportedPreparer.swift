public import CSentryPlugin

public final class ImportedPreparer: TemplateProviding, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_SOURCE
  // Unchecked: the border lets these be called on the main thread alone.
  private let object: UnsafeMutablePointer<sentry_source>
  public let entry: CatalogEntry
  private let template: UnsafePointer<sentry_source_template>?

  public init(adopting object: UnsafeMutableRawPointer) throws {
    let object = object.assumingMemoryBound(to: sentry_source.self)
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_SOURCE_SIZE_1_0, "sentry_source")
    entry = try JSON.decode(from: String(cString: object.pointee.describe(object)), what: "the source's description")
    template = try offered(
      SENTRY_EXTENSION_SOURCE_TEMPLATE, atLeast: SENTRY_SOURCE_TEMPLATE_SIZE_1_0, as: sentry_source_template.self
    ) { object.pointee.get_extension(object, $0) }
  }
  deinit { object.pointee.destroy(object) }

  public func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    try reported("the preparer's report") { object.pointee.prepare(object, raw, output, $0, $1) }
  }

  /// Whether the source has the extension `sentry.source.template/1`.
  public var hasTemplate: Bool { template != nil }

  public func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport {
    let table = try required(template, SENTRY_EXTENSION_SOURCE_TEMPLATE)
    return try reported("the template's report") { table.pointee.create(object, folder, seconds, $0, $1) }
  }

  public func checkTemplate(at folder: String) throws -> TemplateCheck {
    let table = try required(template, SENTRY_EXTENSION_SOURCE_TEMPLATE)
    return try reported("the template's report") { table.pointee.check(object, folder, $0, $1) }
  }
}
