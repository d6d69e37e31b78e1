import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "pose-blazepose", version: "0.1.0", "Persons in images, with the networks of MediaPipe",
  components: [
    .detector(
      "blazepose", "BlazePose: 33 keypoints of each person, in the image and in metres from the middle of the hips",
      options: PoseOptions.declarations
    ) { try BlazePose(options: $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
