import SentryInference
import SentryPluginAPI
import SentryRuntime

extension LiveLoop.Summary {
  var text: String {
    let rate = seconds > 0 ? Double(frames) / seconds : 0
    var parts = ["\(NumberText.counted(frames, "frame")), \(NumberText.fixed(rate, 1)) per second"]
    if empty > 0 { parts.append("\(empty) without an instance") }
    if lost > 0 { parts.append("\(lost) skipped to keep pace") }
    return parts.joined(separator: "; ")
  }
}

/// What `--list-cameras` prints.
enum CameraTable {
  static func print(_ list: CameraList) {
    for camera in list.cameras {
      Console.result(
        "\(camera.source)\t\(camera.name)\t\(camera.path)\t\(camera.problem.map { "does not open: \($0)" } ?? "opens")")
    }
    for note in list.notes { Console.result(note) }
    if list.cameras.isEmpty && list.notes.isEmpty { Console.result("no cameras") }
  }
}
