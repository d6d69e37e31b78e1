import CSentryPlugin
import SentryPluginAPI

/// A source whose preparer has the common options, and perhaps a table of labels.
private func prepared(
  _ name: String, _ summary: String, labels: Bool = false, keypoints: Bool = false,
  score: (@Sendable (String) -> Int)? = nil,
  make: @escaping @Sendable (PreparerOptions, Host) -> any Preparer
) -> Component {
  .source(
    name, summary,
    options: PreparerOptions.declarations + (labels ? [PreparerOptions.labelTable] : [])
      + (keypoints ? [PreparerOptions.keypointLayout] : []),
    score: score
  ) { make(try $0.options.decode(), $0.host) }
}

let plugin = Plugin(
  "sources-posture", version: "1.0.0", "A catalogue of posture datasets, and their preparers",
  components: [
    prepared("multiposture", "Sitting people's landmarks, labelled frame by frame.") {
      MultiPosture(options: $0, host: $1)
    },
    prepared("figshare", "Sitting and standing people's keypoints.") { Figshare(options: $0, host: $1) },
    prepared("ntu-skeleton", "NTU RGB+D's skeletons of 60 actions.") { NTUSkeleton(options: $0, host: $1) },
    prepared("cmu-panoptic", "CMU Panoptic's poses in space.", labels: true) { CMUPanoptic(options: $0, host: $1) },
    prepared("bold", "The Body Language Dataset's joints and ratings.") { BoLD(options: $0, host: $1) },
    prepared("openpose", "Folders of OpenPose's JSON files.", labels: true, keypoints: true) {
      OpenPose(options: $0, host: $1)
    },
    prepared("session", "Your own recordings, labelled by the second.", score: Session.score) {
      Session(options: $0, host: $1)
    },
    .source("daisee", ManualSource.daisee.entry.summary) { _ in ManualSource.daisee },
    .source("mpii", ManualSource.mpii.entry.summary) { _ in ManualSource.mpii },
  ])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}
