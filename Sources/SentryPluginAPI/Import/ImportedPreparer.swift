import CSentryPlugin

public final class ImportedPreparer: TemplateProviding, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_SOURCE
  // Unchecked: the border lets these be called on the main thread alone.
  private let object: UnsafeMutablePointer<sentry_source>
  public let entry: CatalogEntry
  public let callee: Callee
  private let template: UnsafePointer<sentry_source_template>?

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_SOURCE_SIZE_1_0, "sentry_source")
    let object = object.assumingMemoryBound(to: sentry_source.self)
    self.object = object
    entry = try callee.during("describing itself") { try described(object.pointee.describe(object)) }
    template = try offered(
      SENTRY_EXTENSION_SOURCE_TEMPLATE, atLeast: SENTRY_SOURCE_TEMPLATE_SIZE_1_0, as: sentry_source_template.self
    ) { object.pointee.get_extension(object, $0) }
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    try reported("the preparer's report", by: callee, "preparing") {
      object.pointee.prepare(object, raw, output, $0, $1)
    }
  }

  /// Whether the source has the extension `sentry.source.template/1`.
  public var hasTemplate: Bool { template != nil }

  public func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport {
    let table = try required(template, SENTRY_EXTENSION_SOURCE_TEMPLATE)
    return try reported("the template's report", by: callee, "creating a template") {
      table.pointee.create(object, folder, seconds, $0, $1)
    }
  }

  public func checkTemplate(at folder: String) throws -> TemplateCheck {
    let table = try required(template, SENTRY_EXTENSION_SOURCE_TEMPLATE)
    return try reported("the template's report", by: callee, "checking a template") {
      table.pointee.check(object, folder, $0, $1)
    }
  }
}
