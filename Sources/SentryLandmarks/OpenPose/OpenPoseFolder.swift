import SentryFormats
import SentryPluginAPI

/// A folder of OpenPose's JSON files (`--write_json`), one file a frame. The number at the end of a name is the frame's.
struct OpenPoseFolder: LandmarkSource {
  let keypoints: [String]
  let notes: [String]
  private let folder: String
  private let frames: [(number: Int, name: String)]
  private let options: LandmarkOptions

  init(_ folder: String, _ options: LandmarkOptions) throws {
    (self.folder, self.options) = (Paths.withoutEndingSlash(folder), options)
    let names = (Paths.names(in: folder) ?? []).filter(LandmarkFiles.isFrame)
    guard !names.isEmpty else {
      throw PluginError.invalid(
        "\(folder) holds no .json file", hint: "name the folder that OpenPose wrote (--write_json)")
    }
    frames = try Self.numbered(names, in: folder)
    let layout = try OpenPoseLayout.of(
      frames.map { "\(folder)/\($0.name)" }, layout: options.layout, wayOut: "--keypoints body-25b reads it")
    keypoints = layout.keypoints
    notes =
      ["\(folder): \(keypoints.count) keypoints read as \(layout.name)"]
      + (options.rate == nil ? ["\(folder): the files state no times"] : [])
  }

  func forEachFrame(_ body: (LandmarkFrame) throws -> Bool) throws {
    let scale = PositionScale(size: options.pictureSize)
    for frame in frames {
      let path = "\(folder)/\(frame.name)"
      let people = try OpenPoseFile(path).people.map { points in
        guard points.count == 3 * keypoints.count else {
          throw PluginError.badData(
            "\(path): a person has \(points.count / 3) keypoints, the files before it have \(keypoints.count)")
        }
        return try stride(from: 0, to: points.count, by: 3).map { at -> Instance.Keypoint in
          guard points[at + 2] > 0 else { return .absent }
          // Confidences go a little beyond 1.
          return try scale.keypoint(
            x: points[at], y: points[at + 1], z: 0, visibility: min(points[at + 2], 1), place: { path })
        }
      }
      let time = options.rate.map { Double(frame.number - frames[0].number) / $0 }
      let instances = people.compactMap { Instance(around: $0) }
      guard try body(LandmarkFrame(index: frame.number, time: time, instances: instances)) else { return }
    }
  }

  private static func numbered(_ names: [String], in folder: String) throws -> [(number: Int, name: String)] {
    let numbered = try names.map { name -> (number: Int, name: String) in
      let digits = name.reversed().drop { !($0.isASCII && $0.isNumber) }.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(String(digits.reversed())) else {
        throw PluginError.badData("\(folder)/\(name): the name holds no number of a frame")
      }
      return (number, name)
    }.sorted { $0.number < $1.number }
    if let twice = zip(numbered, numbered.dropFirst()).first(where: { $0.number == $1.number }) {
      throw PluginError.badData(
        "\(folder): \(twice.0.name) and \(twice.1.name) are the same frame", hint: "one folder holds one recording")
    }
    return numbered
  }
}
