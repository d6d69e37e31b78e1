import CSentryPlugin

private typealias Context = Box<Exported<any VideoBackend>>

func export(_ backend: any VideoBackend) throws -> UnsafeMutablePointer<sentry_video> {
  let size = MemoryLayout<sentry_video>.size
  let out = borderAllocate(size: size, sentry_video.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.context = Context(Exported(backend as any VideoBackend)).retained()
  out.pointee.destroy = { me in
    Context.release(me.pointee.context)
    me.deallocate()
  }
  out.pointee.open = { me, source, reader, error in
    guarded(error) {
      reader.pointee = try export(Context.at(me.pointee.context).value.open(String(cString: source)))
    }
  }
  out.pointee.get_extension = { me, id in Context.at(me.pointee.context).offer(id, among: extensions) }
  return out
}

extension Component {
  /// - Parameter score: how well a path looks like a source of frames, 0 to 100; a quick look at names and headers.
  public static func video(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [], score: (@Sendable (String) -> Int)? = nil,
    make: @escaping @Sendable (CreationContext) throws -> any VideoBackend
  ) -> Component {
    Component(SENTRY_KIND_VIDEO, name, summary, options, score: score, make) { component, _ in
      .init(try export(component))
    }
  }
}

private let extensions: [ExtensionOffer<any VideoBackend>] = [
  ExtensionOffer(
    SENTRY_EXTENSION_VIDEO_CAMERAS, size: MemoryLayout<sentry_video_cameras>.size, of: { $0 is any CameraListing }
  ) { (table: UnsafeMutablePointer<sentry_video_cameras>) in
    table.pointee.list = { me, report, error in
      guarded(error) {
        let this = Context.at(me.pointee.context)
        let cameras = try this.with((any CameraListing).self).cameras()
        report.pointee = this.lend(try JSON.text(cameras), as: "cameras")
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_VIDEO_WRITING, size: MemoryLayout<sentry_video_writing>.size, of: { $0 is any VideoWriting }
  ) { (table: UnsafeMutablePointer<sentry_video_writing>) in
    table.pointee.create = { me, path, rate, writer, error in
      guarded(error) {
        let backend = try Context.at(me.pointee.context).with((any VideoWriting).self)
        writer.pointee = export(try backend.create(String(cString: path), rate: rate))
      }
    }
  },
  ExtensionOffer(
    SENTRY_EXTENSION_VIDEO_PICTURES, size: MemoryLayout<sentry_video_pictures>.size, of: { $0 is any PictureEditing },
    fill(pictures:)),
  ExtensionOffer(
    SENTRY_EXTENSION_VIDEO_WINDOW, size: MemoryLayout<sentry_video_window>.size, of: { $0 is any WindowShowing }
  ) { (table: UnsafeMutablePointer<sentry_video_window>) in
    table.pointee.show = { me, title, image, seconds, key, error in
      guarded(error) {
        let backend = try Context.at(me.pointee.context).with((any WindowShowing).self)
        key.pointee = try Tensor.borrowed(image) {
          try backend.show($0, title: String(cString: title), waiting: seconds).number
        }
      }
    }
  },
]

private func fill(pictures table: UnsafeMutablePointer<sentry_video_pictures>) {
  func backend(_ me: UnsafePointer<sentry_video>) throws -> any PictureEditing {
    try Context.at(me.pointee.context).with((any PictureEditing).self)
  }
  table.pointee.cut = { me, image, region, picture, error in
    guarded(error) {
      let region = ImageRegion(
        x: region[0], y: region[1], width: region[2], height: region[3], rotation: region[4])
      picture.pointee = try Tensor.borrowed(image) { try backend(me).cut(region, from: $0).exported() }
    }
  }
  table.pointee.draw = { me, image, marks, error in
    guarded(error) {
      let marks = try JSON.decode([ImageMark].self, from: String(cString: marks), what: "marks")
      try Tensor.borrowed(image) { try backend(me).draw(marks, on: $0) }
    }
  }
  table.pointee.encode = { me, image, quality, file, error in
    guarded(error) {
      file.pointee = try Tensor.borrowed(image) { try backend(me).jpeg(of: $0, quality: Int(quality)).exported() }
    }
  }
}

extension WindowKey {
  var number: Int32 {
    switch self {
    case .none: 0
    case .closed: -1
    case .character(let character): Int32(character.unicodeScalars.first?.value ?? 0)
    }
  }

  init(number: Int32) {
    guard number > 0, let scalar = Unicode.Scalar(UInt32(number)) else {
      self = number < 0 ? .closed : .none
      return
    }
    self = .character(Character(scalar))
  }
}
