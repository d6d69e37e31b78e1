import Sentry

guard CommandLine.arguments.count > 2 else { fatalError("usage: ClassifyImage CHECKPOINT FILE...") }
let classifier = try Classifier(checkpoint: CommandLine.arguments[1])
for result in try classifier.classify(Array(CommandLine.arguments.dropFirst(2))) {
  print("\(result.file): \(result.label) \(result.confidence)")
}
