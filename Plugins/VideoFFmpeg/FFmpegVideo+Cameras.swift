import SentryPluginAPI
import SentryVideo

extension FFmpegVideo: CameraListing {
  func cameras() throws -> CameraList {
    let cameras = Camera.all()
    let list = cameras.map {
      CameraList.Camera(
        source: String($0.index), name: $0.name, path: $0.device,
        problem: $0.problem.map { "\($0.reason) (\($0.hint))" })
    }
    return CameraList(
      cameras: list,
      notes: cameras.isEmpty
        ? [
          "this machine shows no /dev/video*: no camera is connected, or a container or virtual machine does not pass it on"
        ]
        : [])
  }
}
