import SentryFormats
import SentryNN

/// A network that looks at a square picture, from a model file.
final class PictureNetwork {
  private let graph: InferenceGraph
  /// Of the picture that it looks at, in pixels.
  let side: Int
  private let file: String

  /// - Parameter outputs: the names of what is wanted, with the number of values that each must have: another model is told from
  ///   the right one here.
  /// - Throws: ``FormatError``, which names the file, or ``NNError``.
  init(_ path: String, side: Int, outputs: KeyValuePairs<String, Int>, _ context: ComputeContext) throws {
    (self.side, file) = (side, path)
    do {
      graph = try InferenceGraph(
        GraphDefinition(TFLiteModel.read(path)), outputs: outputs.map(\.key), context: context)
    } catch let error as NNError where error.code == .invalidInput || error.code == .unimplemented {
      throw FormatError(
        error.code == .invalidInput ? .malformed : .unsupported, file: path, error.message, hint: error.hint)
    }
    guard graph.inputShape == [1, side, side, 3] else {
      throw FormatError(
        .unsupported, file: path, "looks at pictures of \(graph.inputShape), and \([1, side, side, 3]) is expected",
        hint: PictureNetwork.hint)
    }
    for (name, count) in outputs where try graph.output(name).count != count {
      throw FormatError(
        .unsupported, file: path, "has \(try graph.output(name).count) values of \(name), and \(count) are expected",
        hint: PictureNetwork.hint)
    }
  }

  private static let hint = "install the model file that belongs to this network"

  /// Where the picture goes, row by row, as floats.
  var input: UnsafeMutablePointer<Float> {
    guard let base = graph.input.baseAddress else { preconditionFailure("a picture without pixels was refused") }
    return base
  }

  func run() throws { try graph.run() }

  func output(_ name: String) throws -> UnsafeBufferPointer<Float> { try graph.output(name) }

  var implementations: Set<String> { graph.implementations }
}
