import CSentryPlugin

public final class ImportedVideoBackend: CameraListing, VideoWriting, PictureEditing, WindowShowing, ImportedComponent,
  @unchecked Sendable
{
  public static let kind = SENTRY_KIND_VIDEO
  // Unchecked: the object does not change; of what it does, only the window and the list of cameras belong to the main thread.
  private let object: UnsafeMutablePointer<sentry_video>
  public let callee: Callee
  private let listing: UnsafePointer<sentry_video_cameras>?
  private let writing: UnsafePointer<sentry_video_writing>?
  private let pictures: UnsafePointer<sentry_video_pictures>?
  private let window: UnsafePointer<sentry_video_window>?

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_VIDEO_SIZE_1_0, "sentry_video")
    let object = object.assumingMemoryBound(to: sentry_video.self)
    self.object = object
    func find(_ id: UnsafePointer<CChar>) -> UnsafeRawPointer? { object.pointee.get_extension(object, id) }
    listing = try offered(
      SENTRY_EXTENSION_VIDEO_CAMERAS, atLeast: SENTRY_VIDEO_CAMERAS_SIZE_1_0, as: sentry_video_cameras.self, find)
    writing = try offered(
      SENTRY_EXTENSION_VIDEO_WRITING, atLeast: SENTRY_VIDEO_WRITING_SIZE_1_0, as: sentry_video_writing.self, find)
    pictures = try offered(
      SENTRY_EXTENSION_VIDEO_PICTURES, atLeast: SENTRY_VIDEO_PICTURES_SIZE_1_0, as: sentry_video_pictures.self, find)
    window = try offered(
      SENTRY_EXTENSION_VIDEO_WINDOW, atLeast: SENTRY_VIDEO_WINDOW_SIZE_1_0, as: sentry_video_window.self, find)
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func open(_ source: String) throws -> any VideoReader {
    var reader: UnsafeMutablePointer<sentry_video_reader>?
    try callee.call("opening a video") { object.pointee.open(object, source, &reader, $0) }
    guard let reader else { throw PluginError("\(source): the plugin reported success but returned no reader") }
    return try ImportedVideoReader(adopting: reader, of: self)
  }

  public func cameras() throws -> CameraList {
    let table = try required(listing, SENTRY_EXTENSION_VIDEO_CAMERAS)
    return try reported("the list of cameras", by: callee, "listing cameras") { table.pointee.list(object, $0, $1) }
  }

  public func create(_ path: String, rate: Double) throws -> any VideoWriter {
    let table = try required(writing, SENTRY_EXTENSION_VIDEO_WRITING)
    var writer: UnsafeMutablePointer<sentry_video_writer>?
    try callee.call("creating a video") { table.pointee.create(object, path, rate, &writer, $0) }
    guard let writer else { throw PluginError("\(path): the plugin reported success but returned no writer") }
    return try ImportedVideoWriter(adopting: writer, of: self)
  }

  public func cut(_ region: ImageRegion, from image: Tensor) throws -> Tensor {
    let table = try required(pictures, SENTRY_EXTENSION_VIDEO_PICTURES)
    var picture: UnsafeMutablePointer<sentry_managed_tensor>?
    let numbers = [region.x, region.y, region.width, region.height, region.rotation]
    try image.withBorderTensor { image in
      try callee.call("cutting a picture") { table.pointee.cut(object, image, numbers, &picture, $0) }
    }
    return try handedOver(picture)
  }

  public func draw(_ marks: [ImageMark], on image: Tensor) throws {
    let table = try required(pictures, SENTRY_EXTENSION_VIDEO_PICTURES)
    let marks = try JSON.text(marks)
    try image.withBorderTensor { image in
      try callee.call("drawing") { table.pointee.draw(object, image, marks, $0) }
    }
  }

  public func jpeg(of image: Tensor, quality: Int) throws -> Tensor {
    let table = try required(pictures, SENTRY_EXTENSION_VIDEO_PICTURES)
    var file: UnsafeMutablePointer<sentry_managed_tensor>?
    try image.withBorderTensor { image in
      try callee.call("encoding a picture") { table.pointee.encode(object, image, Int32(clamping: quality), &file, $0) }
    }
    return try handedOver(file)
  }

  public func show(_ image: Tensor, title: String, waiting seconds: Double) throws -> WindowKey {
    let table = try required(window, SENTRY_EXTENSION_VIDEO_WINDOW)
    var key: Int32 = 0
    try image.withBorderTensor { image in
      try callee.call("showing a picture") { table.pointee.show(object, title, image, seconds, &key, $0) }
    }
    return WindowKey(number: key)
  }
}
