extension ImportedModel {
  /// A model of this side as the other side sees it: everything crosses the border and back.
  public convenience init(of model: any Model) throws {
    try self.init(adopting: UnsafeMutableRawPointer(try export(model)))
  }
}

extension ImportedTrainer {
  /// A trainer of this side as the other side sees it.
  public convenience init(of trainer: any Trainer) throws {
    try self.init(adopting: UnsafeMutableRawPointer(try export(trainer)))
  }
}
