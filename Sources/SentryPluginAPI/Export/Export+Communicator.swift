import CSentryPlugin

private typealias Context = Box<Exported<any Communicator>>

func export(_ communicator: any Communicator) throws -> UnsafeMutablePointer<sentry_communicator> {
  let size = MemoryLayout<sentry_communicator>.size
  let description = try JSON.text(communicator.specification)
  let out = borderAllocate(size: size, sentry_communicator.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = Context(Exported(communicator as any Communicator, description: description)).retained()
  out.pointee.destroy = { me in
    Context.at(me.pointee.context).value.end()
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { Context.at($0.pointee.context).description.pointer }
  out.pointee.sum = { me, tensor, ticket, error in
    guarded(error) {
      ticket.pointee = try Tensor.borrowed(tensor) { try Context.at(me.pointee.context).value.startSum($0) }
    }
  }
  out.pointee.broadcast = { me, bytes, size, root, ticket, error in
    guarded(error) {
      ticket.pointee = try Context.at(me.pointee.context).value.startBroadcast(
        UnsafeMutableRawBufferPointer(start: bytes, count: Int(size)), root: Int(root))
    }
  }
  out.pointee.gather = { me, bytes, size, all, ticket, error in
    guarded(error) {
      let communicator = Context.at(me.pointee.context).value
      ticket.pointee = try communicator.startGather(
        UnsafeRawBufferPointer(start: bytes, count: Int(size)),
        into: UnsafeMutableRawBufferPointer(start: all, count: Int(size) * communicator.specification.size))
    }
  }
  out.pointee.barrier = { me, ticket, error in
    guarded(error) { ticket.pointee = try Context.at(me.pointee.context).value.startBarrier() }
  }
  out.pointee.test = { me, ticket, done, error in
    guarded(error) { done.pointee = try Context.at(me.pointee.context).value.isDone(ticket) ? 1 : 0 }
  }
  out.pointee.absent = { me, ticket, absent, error in
    guarded(error) {
      let communicator = Context.at(me.pointee.context).value
      let missing = try communicator.absent(from: ticket)
      for rank in 0..<communicator.specification.size { absent[rank] = missing.contains(rank) ? 1 : 0 }
    }
  }
  out.pointee.abort = { me, status in Context.at(me.pointee.context).value.abort(status: status) }
  out.pointee.get_extension = { _, _ in nil }
  return out
}

extension Component {
  public static func communicator(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (CreationContext) throws -> any Communicator
  ) -> Component {
    Component(SENTRY_KIND_COMMUNICATOR, name, summary, options, make) { component, _ in .init(try export(component)) }
  }
}
