/// Options of a model that draws its initial weights from the run's seed, unless they are read from a file next
/// (``OptionDeclaration/loadsWeights``).
public protocol WeightDrawingOptions {
  var seed: UInt64 { get }
  var loadsWeights: Bool? { get }
}

extension WeightDrawingOptions {
  /// nil: none need be drawn.
  public var initialSeed: UInt64? { loadsWeights == true ? nil : seed }
}
