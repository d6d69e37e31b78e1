import CSentryPlugin

private typealias Context = Box<Exported<any Preparer>>

func export(_ source: any Preparer) throws -> UnsafeMutablePointer<sentry_source> {
  let size = MemoryLayout<sentry_source>.size
  let context = Context(Exported(source as any Preparer, description: try JSON.text(source.entry))).retained()
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
      let made = try this.value.prepare(String(cString: raw), to: String(cString: output))
      report.pointee = this.lend(try JSON.text(made), as: "report")
    }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  /// - Parameter score: how well a path looks like raw data of this source, 0 to 100; a quick look at names and headers.
  public static func source(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [], score: (@Sendable (String) -> Int)? = nil,
    make: @escaping @Sendable (CreationContext) throws -> any Preparer
  ) -> Component {
    Component(SENTRY_KIND_SOURCE, name, summary, options, score: score, make) { component, _ in
      .init(try export(component))
    }
  }
}

private let extensions: [ExtensionOffer<any Preparer>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_SOURCE_TEMPLATE, size: MemoryLayout<sentry_source_template>.size,
    of: { $0 is any TemplateProviding }
  ) { (table: UnsafeMutablePointer<sentry_source_template>) in
    table.pointee.create = { me, folder, seconds, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        let made = try this.with((any TemplateProviding).self).createTemplate(
          at: String(cString: folder), seconds: seconds)
        report.pointee = this.lend(try JSON.text(made), as: "report")
      }
    }
    table.pointee.check = { me, folder, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        let found = try this.with((any TemplateProviding).self).checkTemplate(at: String(cString: folder))
        report.pointee = this.lend(try JSON.text(found), as: "report")
      }
    }
  }
]
