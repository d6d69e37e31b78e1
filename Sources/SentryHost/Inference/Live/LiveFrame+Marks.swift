import SentryPluginAPI

extension LiveFrame {
  /// What is drawn over the frame: boxes, skeletons, answers with bars of their probabilities.
  /// - Parameter edges: of each detector, by its name.
  package func marks(edges: [String: [[Int]]]) -> [ImageMark] {
    var marks: [ImageMark] = []
    for (number, sighting) in sightings.enumerated() {
      let instance = sighting.instance
      let colour = Self.palette[(instance.id ?? number) % Self.palette.count]
      let box = instance.box
      marks += (edges[sighting.detector] ?? []).compactMap { edge in
        let (from, to) = (instance.keypoints[edge[0]], instance.keypoints[edge[1]])
        guard min(from.visibility, to.visibility) >= Self.visible else { return nil }
        return ImageMark(.line, at: [from.x, from.y, to.x, to.y], colour: colour)
      }
      marks.append(ImageMark(.box, at: [box.x, box.y, box.width, box.height], colour: colour))
      var line: Float = 0
      func write(_ text: String) {
        let y = min(max(box.y, 0) + line * lineHeight, 1 - lineHeight)
        marks.append(ImageMark(.text, at: [min(max(box.x, 0), 1), y], colour: colour, text: text))
        line += 1
      }
      for answer in sighting.answers {
        write("\(answer.task.name): \(answer.label) \(Int((answer.confidence * 100).rounded())) %")
      }
      if let waiting = sighting.waiting { write("\(waiting.have) of \(waiting.need) frames") }
    }
    return marks + bars
  }

  /// The probabilities of the first instance with answers, at the right edge.
  private var bars: [ImageMark] {
    guard let sighting = sightings.first(where: { !$0.answers.isEmpty }) else { return [] }
    var (marks, y) = ([ImageMark](), lineHeight / 2)
    for answer in sighting.answers {
      for (name, probability) in zip(answer.task.classes, answer.probabilities) {
        marks.append(
          ImageMark(
            .bar, at: [0.76, y, 0.22, lineHeight * 0.8], colour: [90, 160, 240], text: name,
            value: Float(probability)))
        y += lineHeight
      }
      y += lineHeight / 2
    }
    return marks
  }

  private static let visible: Float = 0.5
  /// Of a text, as part of the height. In an upright picture letters are smaller, as the backend draws them.
  var lineHeight: Float { 0.05 * min(1, 0.75 * Float(width) / Float(max(height, 1))) }
  /// Okabe and Ito, 2008: told apart by most people, on most grounds.
  private static let palette: [[UInt8]] = [
    [86, 180, 233], [230, 159, 0], [0, 158, 115], [240, 228, 66], [213, 94, 0], [204, 121, 167], [0, 114, 178],
  ]
}
