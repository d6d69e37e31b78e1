public import SentryPluginAPI

/// What a dataset tells the reader of a run, in the same words for every dataset.
public enum Notes {
  /// 28709 → "28,709".
  public static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// "1 image", "2,000 images".
  public static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  public static func word(_ split: Split) -> String {
    switch split {
    case .train: "training"
    case .validation: "validation"
    case .test: "test"
    }
  }

  /// "436 of 28,709 training images are disgust and left out", a note for each class that is left out.
  public static func dropped(_ dropped: [String: Int], kept: Int, in split: Split) -> [String] {
    let total = kept + dropped.values.reduce(0, +)
    return dropped.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { name, count in
      "\(grouped(count)) of \(grouped(total)) \(word(split)) images \(count == 1 ? "is" : "are") \(name) and left out"
    }
  }

  /// Files that are no images.
  public static func otherFiles(_ count: Int, example: String?, in split: Split) -> [String] {
    guard count > 0, let example else { return [] }
    return [
      count == 1
        ? "\(example) is not a JPEG, PNG or BMP file and is ignored"
        : "\(grouped(count)) \(word(split)) files are not JPEG, PNG or BMP files and are ignored, for example \(example)"
    ]
  }

  public static func skippedLinks(_ links: [String]) -> [String] {
    guard let first = links.first else { return [] }
    return [
      links.count == 1
        ? "the link \(first) is not followed: those images are read in their own place"
        : "\(grouped(links.count)) links to folders are not followed, because their images are read in their own place: "
          + "\(first) among them"
    ]
  }

  public static func missingClasses(_ names: [String], in split: Split) -> [String] {
    names.isEmpty ? [] : ["the \(word(split)) images have none of \(names.joined(separator: ", "))"]
  }
}
