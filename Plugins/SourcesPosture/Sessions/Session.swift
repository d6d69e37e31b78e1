import CSentryPlugin
import SentryBase
import SentryPluginAPI
import SentryPosture

/// Recordings of one's own, made with `sentry data create-session`: keypoints with labels second by second.
struct Session: TemplateProviding {
  let options: PreparerOptions
  let host: Host

  let entry = CatalogEntry(
    key: "session", title: "Recordings of your own",
    summary: "A folder from sentry data create-session, filled in: keypoints and labels for every second.",
    licence: "your own", access: .recorded,
    steps: [
      "sentry data create-session {folder} --duration 300", "Record, label and extract keypoints as its README.md says",
      "sentry data check {folder}",
    ],
    bestFor: "your own room, camera and people", dataset: "posture", prepares: true)

  static func score(_ path: String) -> Int { SessionFile.isSession(path) ? 100 : 0 }

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: nil, thresholds: .relative)
    preparation.note("seconds of equal labels that follow each other make a sequence; unlabelled seconds are left out")
    let sessions =
      SessionFile.isSession(raw)
      ? [raw] : try FileSystem.names(in: raw).map { "\(raw)/\($0)" }.filter(SessionFile.isSession)
    guard !sessions.isEmpty else {
      throw PluginError.invalid(
        "\(raw) is not a recording and contains none",
        hint: "sentry data create-session creates one; its \(SessionFile.name) identifies it")
    }
    for folder in sessions {
      let session = try SessionFile.read(folder)
      guard !session.subject.isEmpty else {
        throw PluginError.badData(
          "\(folder)/\(SessionFile.name): the subject is missing", hint: "give a pseudonym: the split needs it")
      }
      let labels = try SessionLabels("\(folder)/\(SessionFile.labels)", seconds: Int(session.seconds.rounded(.up)))
      let (frames, skeleton) = try SessionKeypoints.read(folder, host: host)
      try Self.checkLength(frames, session, folder)
      for (seconds, labels) in labels.runs {
        let start = min(Int((Double(seconds.lowerBound) * session.fps).rounded()), frames.count)
        let end = min(Int((Double(seconds.upperBound) * session.fps).rounded()), frames.count)
        guard start < end else { continue }
        var labels = labels
        labels.subject = session.subject
        try preparation.add(
          PreparedSequence(
            name: "\(Paths.last(folder))_\(RawFile.number(seconds.lowerBound, 5))",
            frames: frames.slice(start..<end),
            labels: labels, group: session.subject, recording: Paths.last(folder)),
          place: "\(folder): second \(seconds.lowerBound)",
          skeleton: skeleton)
      }
    }
    return try preparation.finish()
  }

  /// Labels and keypoints must be of one length, within two seconds.
  static func checkLength(_ frames: Frames, _ session: SessionFile, _ folder: String) throws {
    let seconds = Double(frames.count) / session.fps
    guard abs(seconds - session.seconds) <= 2 else {
      throw PluginError.badData(
        "\(folder): \(frames.count) frames at \(session.fps) frames a second last \(Int(seconds.rounded())) s, "
          + "the recording \(Int(session.seconds.rounded())) s", hint: "correct fps or seconds in \(SessionFile.name)")
    }
  }

  func checkTemplate(at folder: String) throws -> TemplateCheck {
    var check = TemplateCheck()
    func attempt<Result>(_ body: () throws -> Result) throws -> Result? {
      do {
        return try body()
      } catch let error as PluginError where error.code != SENTRY_CANCELLED {
        check.problems.append(error.description)
        return nil
      }
    }
    guard let session = try attempt({ try SessionFile.read(folder) }) else { return check }
    if session.subject.isEmpty { check.problems.append("\(folder)/\(SessionFile.name): the subject is missing") }
    let labels = try attempt {
      try SessionLabels("\(folder)/\(SessionFile.labels)", seconds: Int(session.seconds.rounded(.up)))
    }
    if let labels {
      check.notes.append("\(labels.rows.count - labels.emptyCount) of \(labels.rows.count) seconds are labelled")
      if let first = labels.firstEmpty {
        let text = "\(labels.emptyCount) seconds have no label, second \(first) the first"
        if labels.emptyCount == labels.rows.count { check.problems.append(text) } else { check.notes.append(text) }
      }
    }
    if let (frames, _) = try attempt({ try SessionKeypoints.read(folder, host: host) }) {
      check.notes.append("\(frames.count) frames of \(frames.width) features")
      if !frames.isFinite { check.problems.append("\(folder)/\(SessionFile.keypoints): holds NaN or infinity") }
      _ = try attempt { try Self.checkLength(frames, session, folder) }
    }
    return check
  }
}
