/// ArgumentParser takes `-1` behind an option for another option, and says that the value is missing. No option of `sentry` is
/// a number, so such a value is tied to its option before the parser sees it; then the option's own check judges it.
enum NegativeNumbers {
  /// `--fps -1` becomes `--fps=-1`; what stands behind `--` stays.
  static func tied(_ arguments: [String]) -> [String] {
    var tied: [String] = []
    for (number, argument) in arguments.enumerated() {
      if argument == "--" { return tied + arguments[number...] }
      if argument.hasPrefix("-"), Double(argument) != nil, let option = tied.last, option.hasPrefix("--"),
        !option.contains("=")
      {
        tied[tied.count - 1] = "\(option)=\(argument)"
      } else {
        tied.append(argument)
      }
    }
    return tied
  }
}
