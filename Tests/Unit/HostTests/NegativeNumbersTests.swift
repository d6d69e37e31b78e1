import Testing
@testable import SentryCLI

@Suite struct NegativeNumbersTests {
  @Test(arguments: [
    ("extract a.mp4 --fps -1 --output out", "extract a.mp4 --fps=-1 --output out"),
    ("train toy --lr -1e-3 --seed -0.5", "train toy --lr=-1e-3 --seed=-0.5"),
    ("demo --smoothing -inf", "demo --smoothing=-inf"),
    // No numbers, or none of an option.
    ("demo -h --headless --jsonl -", "demo -h --headless --jsonl -"), ("predict -1", "predict -1"),
    ("train --lr=1 -2", "train --lr=1 -2"), ("train --lr -1 -2", "train --lr=-1 -2"),
    // Behind the end of the options.
    ("predict -- --a -1", "predict -- --a -1"),
  ])
  func aValueIsTiedToItsOption(given: String, tied: String) {
    #expect(NegativeNumbers.tied(given.split(separator: " ").map(String.init)).joined(separator: " ") == tied)
  }
}
