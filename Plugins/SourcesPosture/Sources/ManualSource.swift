import SentryPluginAPI

/// A set that only people can get at, and that no preparer reads.
struct ManualSource: Preparer {
  let entry: CatalogEntry

  static let daisee = ManualSource(
    entry: CatalogEntry(
      key: "daisee", title: "DAiSEE", summary: "Videos of students: boredom, engagement, confusion, frustration.",
      licence: "academic research, after an agreement", access: .manual,
      steps: [
        "Fill in the form at https://people.iith.ac.in/vineethnb/resources/daisee/",
        "Unpack DAiSEE.zip into {folder}",
        "It holds videos, no joints: run OpenPose or MediaPipe on them, then sentry data prepare openpose",
      ],
      bestFor: "engagement and frustration of people at a screen"))

  static let mpii = ManualSource(
    entry: CatalogEntry(
      key: "mpii", title: "MPII Human Pose", summary: "25,000 photographs with annotated joints of 40,000 people.",
      size: "12.9 GB", licence: "simplified BSD (annotations); images as on YouTube", access: .manual,
      steps: [
        "Download images and annotations from http://human-pose.mpi-inf.mpg.de/#download into {folder}",
        "They are single photographs without time: use them for pose estimation, not for sequences",
      ],
      bestFor: "joints in photographs; no sequences"))
}
