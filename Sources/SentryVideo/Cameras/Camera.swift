import CFFmpeg
import Glibc
import SentryBase

/// A device of Video4Linux.
public struct Camera: Sendable, Equatable {
  /// What the command line calls it: the number at the end of the device's name.
  public let index: Int
  public let device: String
  /// The name of the card; empty where the device does not tell.
  public let name: String
  /// Why it cannot be opened; nil where it can.
  public let problem: VideoError?

  /// The devices of this machine by number.
  /// - Parameters:
  ///   - folder: where the devices stand.
  ///   - classes: where the kernel tells their names.
  public static func all(in folder: String = "/dev", classes: String = "/sys/class/video4linux") -> [Camera] {
    let names = Paths.names(in: folder) ?? []
    let indices = names.compactMap { $0.hasPrefix("video") ? Int($0.dropFirst("video".count)) : nil }
    return indices.sorted().map { index in
      let device = "\(folder)/video\(index)"
      let (name, problem) = query(device)
      let known = name.isEmpty ? kernelText("\(classes)/video\(index)/name") : name
      return Camera(index: index, device: device, name: known, problem: problem)
    }
  }

  /// Why a camera cannot be opened; nil where it can.
  static func reasonNotToOpen(_ device: String) -> VideoError? { query(device).problem }

  private static func query(_ device: String) -> (name: String, problem: VideoError?) {
    var status: Int32 = 0
    var number: Int32 = 0
    let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      status = sentry_camera_query(device, base, buffer.count)
      number = errno
      return String(cString: base)
    }
    return (name, problem(status, SystemError(number), device))
  }

  private static func problem(_ status: Int32, _ error: SystemError, _ device: String) -> VideoError? {
    switch Int(status) {
    case SENTRY_CAMERA_OK: nil
    case SENTRY_CAMERA_BUSY:
      VideoError(
        .unreadable, place: device, "another program uses this camera",
        hint: "end that program: fuser -v \(device) names it")
    case SENTRY_CAMERA_NO_VIDEO:
      VideoError(.unreadable, place: device, "is no camera", hint: "sentry demo --list-cameras shows what there is")
    case SENTRY_CAMERA_NO_CAPTURE:
      VideoError(
        .unreadable, place: device, "gives no pictures: it is an output, or a camera's second device for other data",
        hint: "take the device with the next lower number")
    default:
      VideoError(.unreadable, place: device, "cannot be opened: \(error.text)", hint: openingHint(error, device))
    }
  }

  private static func openingHint(_ error: SystemError, _ device: String) -> String {
    switch error.number {
    case EACCES, EPERM: "add yourself to the group that may: sudo usermod -aG video $USER, then log in again"
    case ENOENT: "there is no such camera; sentry demo --list-cameras shows what there is"
    case ENODEV, ENXIO: "the camera is not connected any more"
    default: "sentry demo --list-cameras shows what there is"
    }
  }

  /// One of the kernel's small texts, whose size is not told before they are read.
  private static func kernelText(_ path: String) -> String {
    guard let file = fopen(path, "re") else { return "" }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return "" }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
