import CSentryPlugin

extension ImportedModel: GraphDescribingModel {
  /// - Throws: ``PluginError`` with code `SENTRY_UNSUPPORTED` where the model does not offer the extension.
  public func graph() throws -> ModelGraph {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_MODEL_GRAPH) else {
      throw PluginError(
        "the model does not say what it computes (\(SENTRY_EXTENSION_MODEL_GRAPH))",
        hint: "its plugin must offer that for exports", code: SENTRY_UNSUPPORTED)
    }
    let offer = raw.assumingMemoryBound(to: sentry_model_graph.self)
    try checkSize(offer.pointee.struct_size, atLeast: SENTRY_MODEL_GRAPH_SIZE_1_0, "sentry_model_graph")
    var text: UnsafePointer<CChar>?
    try acrossBorder { offer.pointee.graph(object, &text, $0) }
    guard let text else { throw PluginError("the model gave no graph and no error") }
    return try JSON.decode(from: String(cString: text), what: "the model's graph")
  }
}
