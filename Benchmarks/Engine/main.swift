// Training steps of the emotion network, timed:
// `EngineBench <size> <batch> <steps> [threads] [frozen] [eval] [bf16] [low] [dynamic] [profile]`.
// Prints one line a step; Benchmarks/engine.py runs it interleaved with PyTorch and prints ratios.
import EmotionDenseNet
import Glibc
import SentryNN
import SentryThreads

func seconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The most memory that this process ever had. (`getrusage` would count what the parent had before `exec`.)
func peakBytes() -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, file) != nil {
    let words = String(cString: line).split(whereSeparator: \.isWhitespace)
    if words.first == "VmHWM:", words.count > 1 { return (Int(words[1]) ?? 0) * 1024 }
  }
  return 0
}

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.compactMap(Int.init)
guard numbers.count >= 3 else {
  print("usage: EngineBench <size> <batch> <steps> [threads] [frozen] [eval] [bf16] [low] [dynamic] [profile]")
  exit(2)
}
let (size, batch, steps) = (numbers[0], numbers[1], numbers[2])
let pool = try ThreadPool(threadCount: numbers.count > 3 ? numbers[3] : 2)
var options = EmotionNet.Options()
options.imageSize = size
if arguments.contains("eval") { options.frozenNorm = .runningStatistics }
if arguments.contains("bf16") { (options.precision, options.forcesPrecision) = (.bf16, true) }
if arguments.contains("low") { options.memory = .low }
if arguments.contains("dynamic") { options.schedule = .dynamic }
var random = RandomStream(seed: 1)
let images = (0..<batch * size * size).map { _ in Float(random.normal()) }
let labels = (0..<batch).map { _ in Int32(random.next() % 6) }
let before = peakBytes()
let network = try EmotionNet(options, executor: pool)
if arguments.contains("frozen") {
  for parameter in network.parameters where parameter.name.hasPrefix("backbone.") {
    let name = parameter.name.dropFirst("backbone.features.".count)
    parameter.trainable = name.hasPrefix("denseblock4") || name.hasPrefix("norm5")
  }
}
var gradient = [Float](repeating: 0, count: batch * 6)
let loss = try CrossEntropy(labelSmoothing: 0.15)
let trained = network.parameters.filter(\.trainable)
let optimiser = try AdamW(
  trained.map { AdamW.Tensor(value: $0.value, gradient: $0.gradient, count: $0.count) }, executor: pool)
for step in 1...steps {
  let (start, processor) = (seconds(), seconds(CLOCK_PROCESS_CPUTIME_ID))
  let output = try network.forward(input: images, batch: batch, training: true, seed: UInt64(step))
  let forward = seconds()
  let result = try loss.evaluate(logits: output.logits, targets: labels, batch: batch, classes: 6, gradient: &gradient)
  try network.backward(logitsGradient: gradient)
  let backward = seconds()
  optimiser.step(learningRate: 1e-4)
  network.parametersChanged(trainableOnly: true)
  let end = seconds()
  print(
    "step \(step) loss \(result.mean) seconds \(end - start) forward \(forward - start) update \(end - backward)"
      + " processor \(seconds(CLOCK_PROCESS_CPUTIME_ID) - processor)")
  if step == 1 { _ = network.context.takeProfile() }
}
print("peak_bytes \(peakBytes())")
print("base_bytes \(before) estimated_bytes \(network.estimatedTrainingBytes(batch: batch))")
if arguments.contains("profile"), steps > 1 {
  let profile = network.context.takeProfile()
  let total = profile.reduce(0) { $0 + $1.seconds }
  for (operation, time) in profile where time > 0 {
    print("\(operation) \(Int(time / Double(steps - 1) * 1e4) / 10) ms \(Int(1000 * time / total)) per mille")
  }
  print("implementations \(network.context.implementations.sorted())")
}
