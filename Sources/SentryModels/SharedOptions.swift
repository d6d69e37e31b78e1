public import SentryPluginAPI

/// Options that several models have: each is declared once.
extension OptionDeclaration {
  public static var imageSize: OptionDeclaration {
    .integer("input-size", 224, minimum: 32, maximum: 1024, "Height and width of the input in pixels.")
  }

  public static var syncBatchNorm: OptionDeclaration {
    .flag(
      "sync-batch-norm", true,
      "With several processes, batch norms use the statistics of the whole batch; false: of each process's samples.")
  }

  /// For a model with the option `pretrained`.
  public static var pretrainedStem: OptionDeclaration {
    .choice(
      "pretrained-stem", StemConversion.sum.rawValue, of: StemConversion.allCases.map(\.rawValue),
      "How the weights of three colours become those of grey; sum: equivalent on grey images; mean: the mean over the colours."
    ).usedUnless("pretrained", is: .null)
  }
}
