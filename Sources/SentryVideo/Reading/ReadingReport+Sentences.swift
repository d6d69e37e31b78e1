extension ReadingReport {
  /// What a user is told, one sentence each; nothing where all was as it should be.
  public var sentences: [String] {
    var sentences: [String] = []
    if let truncation { sentences.append("The file is not whole: \(truncation).") }
    if undecodable > 0 {
      sentences.append(
        "\(undecodable) packets or pictures could not be decoded" + (firstFault.map { ", first: \($0)" } ?? "") + ".")
    }
    if concealed > 0 { sentences.append("\(concealed) frames are damaged in part.") }
    if untimed > 0 { sentences.append("\(untimed) frames have no time in the file; they follow at its frame rate.") }
    if skipped > 0 { sentences.append("\(skipped) frames were left out to keep pace with the source.") }
    return sentences
  }
}
