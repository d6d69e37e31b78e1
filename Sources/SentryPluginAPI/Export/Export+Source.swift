import CSentryPlugin
import Synchronization

private final class SourceExport: Sendable {
  let source: any Source
  let description: OwnedCString
  /// The text of the last report, which the caller borrows until the next call.
  private let report = Mutex<OwnedCString?>(nil)

  init(_ source: any Source) throws {
    self.source = source
    description = OwnedCString(try JSON.text(source.entry))
  }

  func keep(_ value: some Encodable) throws -> UnsafePointer<CChar> {
    let text = OwnedCString(try JSON.text(value))
    report.withLock { $0 = text }
    return text.pointer
  }

  func template() throws -> any TemplateSource {
    guard let template = source as? any TemplateSource else {
      throw PluginError("\(source.entry.key) has no template", code: SENTRY_UNSUPPORTED)
    }
    return template
  }
}

func export(_ source: any Source) throws -> UnsafeMutablePointer<sentry_source> {
  typealias Context = Box<SourceExport>
  let size = MemoryLayout<sentry_source>.size
  let context = Context(try SourceExport(source)).retained()
  let out = borderAllocate(size: size, sentry_source.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = context
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.prepare = { me, raw, output, report, error in
    guarded(error) {
      let this = Context.at(me.pointee.context)
      let made = try this.source.prepare(String(cString: raw), to: String(cString: output))
      report.pointee = try this.keep(made)
    }
  }
  out.pointee.get_extension = { me, id in
    guard String(cString: id) == SENTRY_EXTENSION_SOURCE_TEMPLATE,
      Context.at(me.pointee.context).source is any TemplateSource
    else { return nil }
    return UnsafeRawPointer(SourceTemplateExport.table)
  }
  return out
}

/// The functions of the extension: one table for all sources, since each call gets its source.
private enum SourceTemplateExport {
  nonisolated(unsafe) static let table: UnsafeMutablePointer<sentry_source_template> = {
    typealias Context = Box<SourceExport>
    let size = MemoryLayout<sentry_source_template>.size
    let table = borderAllocate(size: size, sentry_source_template.self)
    table.pointee.struct_size = UInt32(size)
    table.pointee.create = { me, folder, seconds, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        report.pointee = try this.keep(
          try this.template().createTemplate(at: String(cString: folder), seconds: seconds))
      }
    }
    table.pointee.check = { me, folder, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        report.pointee = try this.keep(try this.template().checkTemplate(at: String(cString: folder)))
      }
    }
    return table
  }()
}
