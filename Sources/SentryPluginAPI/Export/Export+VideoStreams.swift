import CSentryPlugin

private typealias ReaderContext = Box<ExportedReader>
private typealias WriterContext = Box<any VideoWriter>

/// A reader with the texts that the other side has borrowed.
private struct ExportedReader {
  let reader: any VideoReader
  let texts: Exported<Void>
}

func export(_ reader: any VideoReader) throws -> UnsafeMutablePointer<sentry_video_reader> {
  let size = MemoryLayout<sentry_video_reader>.size
  let texts = Exported((), description: try JSON.text(reader.specification))
  let out = borderAllocate(size: size, sentry_video_reader.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = ReaderContext(ExportedReader(reader: reader, texts: texts)).retained()
  out.pointee.destroy = { me in
    ReaderContext.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.describe = { ReaderContext.at($0.pointee.context).texts.description.pointer }
  out.pointee.next = { me, out, error in
    guarded(error) {
      guard let frame = try ReaderContext.at(me.pointee.context).reader.next() else { return }
      out.pointee.image = frame.image.exported()
      (out.pointee.time, out.pointee.index) = (frame.time, Int64(frame.index))
    }
  }
  out.pointee.report = { me in
    let this = ReaderContext.at(me.pointee.context)
    // Only a text that is no UTF-8 cannot be written as JSON, and Swift has none.
    return this.texts.lend((try? JSON.text(VideoReport(notes: this.reader.notes))) ?? #"{"notes": []}"#, as: "report")
  }
  return out
}

/// What `report` tells.
struct VideoReport: Codable { var notes: [String] }

func export(_ writer: any VideoWriter) -> UnsafeMutablePointer<sentry_video_writer> {
  let size = MemoryLayout<sentry_video_writer>.size
  let out = borderAllocate(size: size, sentry_video_writer.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = WriterContext(writer).retained()
  out.pointee.destroy = { me in
    WriterContext.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.write = { me, image, time, error in
    guarded(error) {
      try Tensor.borrowed(image) { try WriterContext.at(me.pointee.context).write($0, at: time) }
    }
  }
  out.pointee.finish = { me, error in guarded(error) { try WriterContext.at(me.pointee.context).finish() } }
  return out
}
