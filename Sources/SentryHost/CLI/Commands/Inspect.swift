import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the contents of a file without running anything.",
    discussion:
      "Reads checkpoints and weights (.pth, safetensors), arrays (.npy) and networks (.onnx); the content determines the format."
  )

  @Argument(help: "The file.", completion: .file()) var file: String
  @Flag(help: "List every tensor.") var tensors = false
  @Flag(help: "Print JSON, with every tensor.") var json = false

  func run() throws {
    let inspection = try FileInspection(file)
    if json { return Console.result(try JSON.text(inspection.json, pretty: true)) }
    Console.result(TextTable.text(inspection.rows.map { [$0.name, $0.value] }))
    guard tensors else { return }
    Console.result("")
    Console.result(
      TextTable.text([["tensor", "type", "shape"]] + inspection.tensors.map { [$0.name, $0.dtype, "\($0.shape)"] }))
  }
}
