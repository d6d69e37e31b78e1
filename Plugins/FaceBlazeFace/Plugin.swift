import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "face-blazeface", version: "0.1.0", "Faces in images, with the network of MediaPipe",
  components: [
    .detector(
      "blazeface", "BlazeFace, short range: faces within some two metres of the camera, six keypoints each",
      options: FaceOptions.declarations
    ) { try BlazeFace(options: $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
