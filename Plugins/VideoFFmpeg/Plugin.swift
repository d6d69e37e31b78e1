import CSentryPlugin
import SentryPluginAPI
import SentryVideo

let plugin = Plugin(
  "video-ffmpeg", version: "1.0.0", "Videos, cameras, streams and pictures over FFmpeg",
  components: [
    .video(
      "ffmpeg", "Files, cameras, streams and folders of pictures; writes mp4; a window.",
      options: FFmpegOptions.declarations, score: FFmpegVideo.score
    ) { FFmpegVideo(try $0.options.decode(), host: $0.host) }
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
