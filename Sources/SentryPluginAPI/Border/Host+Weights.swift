import CSentryPlugin

extension Host {
  /// The weights of a file, as the host reads them (`sentry.host.weights/draft-1`): what torch.save writes, safetensors, Sentry's
  /// checkpoints. The tensors keep the file's content.
  ///
  /// - Throws: ``PluginError`` with code `SENTRY_UNSUPPORTED` where the host is older than the extension.
  public func weights(of path: String) throws -> [NamedTensor] {
    let table = try offered(
      SENTRY_EXTENSION_HOST_WEIGHTS, atLeast: SENTRY_HOST_WEIGHTS_SIZE_1_0, as: sentry_host_weights.self
    ) { raw.pointee.get_extension(raw, $0) }
    guard let table else {
      throw PluginError(
        "this host reads no files of weights for plugins (\(SENTRY_EXTENSION_HOST_WEIGHTS))", hint: "update sentry",
        code: SENTRY_UNSUPPORTED)
    }
    var file: OpaquePointer?
    try acrossBorder { table.pointee.open(raw, path, &file, $0) }
    guard let file else { throw PluginError("\(path): the host reported success but opened nothing") }
    let open = OpenWeights(file, table)
    return try namedTensors(count: table.pointee.count(file), of: Callee("the host")) {
      table.pointee.tensor(file, $0, $1, $2)
    }.map {
      NamedTensor($0.name, Tensor($0.value.shape, $0.value.dtype, over: $0.value.data, owner: open), role: $0.role)
    }
  }
}

/// A file that the host has open for a plugin.
private final class OpenWeights: @unchecked Sendable {
  // Unchecked: the pointers never change, and the host lets any thread close.
  private let file: OpaquePointer
  private let table: UnsafePointer<sentry_host_weights>

  init(_ file: OpaquePointer, _ table: UnsafePointer<sentry_host_weights>) { (self.file, self.table) = (file, table) }

  deinit { table.pointee.close(file) }
}
