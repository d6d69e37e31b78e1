import CFFmpeg
import Glibc
import SentryBase

/// Takes what FFmpeg writes into an unfinished file, and keeps the system's reason where that fails.
final class Sink {
  private let av: FFmpegFunctions
  private let file: UnfinishedFile
  private(set) var failure: VideoError?
  private(set) var context: UnsafeMutablePointer<AVIOContext>?
  private var written = 0

  init(_ path: String, _ av: FFmpegFunctions) throws(VideoError) {
    self.av = av
    do {
      file = try UnfinishedFile(for: path)
    } catch {
      throw VideoError(error, path)
    }
    let size = 1 << 18
    guard let buffer = av.pointee.av_malloc(size) else { throw .outOfMemory(path) }
    context = av.pointee.avio_alloc_context(
      buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 1, Unmanaged.passUnretained(self).toOpaque(), nil,
      { sink, bytes, count in Sink.at(sink)?.write(UnsafeRawBufferPointer(start: bytes, count: Int(count))) ?? -EIO },
      { sink, offset, whence in Sink.at(sink)?.seek(offset, whence) ?? Int64(-EIO) })
    if context == nil {
      av.pointee.av_free(buffer)
      throw .outOfMemory(path)
    }
  }

  deinit {
    // FFmpeg may have replaced the buffer.
    if let context { av.pointee.av_free(context.pointee.buffer) }
    av.pointee.avio_context_free(&context)
  }

  private static func at(_ sink: UnsafeMutableRawPointer?) -> Sink? {
    sink.map { Unmanaged<Sink>.fromOpaque($0).takeUnretainedValue() }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    if let error = SystemError.writing(bytes, to: file.descriptor) {
      failure = failure ?? VideoError(fault(error), file.path)
      return -error.number
    }
    written += bytes.count
    return Int32(bytes.count)
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    // AVSEEK_SIZE asks for the size; FFmpeg goes without.
    guard whence == SEEK_SET || whence == SEEK_CUR || whence == SEEK_END else { return Int64(-ENOSYS) }
    let place = lseek(file.descriptor, off_t(offset), whence)
    return place < 0 ? Int64(-errno) : Int64(place)
  }

  /// Brings the file to the disk under its name.
  func finish() throws(VideoError) {
    do {
      try file.finish { fault($0) }
    } catch {
      throw VideoError(error, file.path)
    }
  }

  private func fault(_ error: SystemError) -> FormatError {
    FormatError(
      .cannotWrite, file: file.path,
      "cannot be written: \(error.text); \(written) bytes were written; an older file of this name is untouched",
      hint: error.writingHint)
  }
}

extension VideoError {
  init(_ error: any Error, _ path: String) {
    let error = error as? FormatError
    self.init(.cannotWrite, place: path, error?.detail ?? "cannot be written", hint: error?.hint ?? "check the disk")
  }
}
