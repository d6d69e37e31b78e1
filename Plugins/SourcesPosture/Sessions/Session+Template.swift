import Glibc
import SentryFormats
import SentryPluginAPI

extension Session {
  func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport {
    if FileSystem.exists(folder) {
      let isEmpty = FileSystem.isFolder(folder) ? try FileSystem.names(in: folder).isEmpty : false
      guard isEmpty else {
        throw PluginError.invalid("\(folder) exists and is not empty", hint: "give a new folder for each recording")
      }
    }
    let session = SessionFile(seconds: seconds)
    let count = Int(seconds.rounded(.up))
    for name in ["video", SessionFile.keypoints] { try FileSystem.makeFolder("\(folder)/\(name)") }
    let rows = (0..<count).map { "\($0),,," }
    try mappingFormatErrors {
      try AtomicFile.write(
        ([SessionFile.header] + rows).joined(separator: "\n") + "\n", to: "\(folder)/\(SessionFile.labels)")
      try AtomicFile.write(Self.notes, to: "\(folder)/notes.md")
      try AtomicFile.write(Self.protocolText(seconds: count), to: "\(folder)/README.md")
      // The last one: it makes the folder a recording.
      try AtomicFile.write(try JSON.text(session, pretty: true) + "\n", to: "\(folder)/\(SessionFile.name)")
    }
    return PreparationReport(
      output: folder, notes: ["\(count) rows to label in \(SessionFile.labels); README.md says how to record"])
  }

  private static let notes = """
    # Notes

    - Date, room, light:
    - Camera, its distance and height:
    - What the person was asked to do:
    - Interruptions (second, what happened):
    - Who labelled, and when:

    """

  private static func protocolText(seconds: Int) -> String {
    """
    # A recording of \(seconds) seconds

    ## Before

    1. Ask the person for consent, in writing, and tell them that they may stop at any time and have the recording deleted.
    2. Put a pseudonym for the person into `session.json` (`subject`), the same one for all recordings of that person: training
       and validation are divided by it. Never a name.
    3. Place the camera at chest height, 1.5 to 2.5 m away, the whole upper body in view, and leave it there.

    ## Recording

    4. Record \(seconds) seconds into `video/`. Start and end with a clap, so that seconds can be found again.
    5. Let the person do what they would do anyhow; posed restlessness looks like posed restlessness.

    ## After

    6. Label every second in `labels.csv` by a class's name or number; leave empty what you cannot tell:
       - posture: 0 upright, 1 slouched, 2 open, 3 closed
       - stress: 0 calm, 1 fidgeting, 2 restless, 3 excessive_stillness
       - trajectory: 0 stable, 1 deteriorating, 2 improving
       Labels are of what is seen. Two people who label on their own, and compare, label better.
    7. Put the keypoints into `keypoints/`: one `.npy` of shape (frames, features), or the JSON files of OpenPose
       (`openpose.bin --video video/clip.mp4 --write_json keypoints --display 0 --render_pose 0`). Put their frames per second
       into `session.json` (`fps`).
    8. `sentry data check .` tells what is missing; `sentry data prepare session FOLDER --output data/posture` makes a dataset of
       one recording, or of a folder of recordings.

    Not a medical device: such labels are research indicators, never a diagnosis.

    """
  }
}
