extension PickleValue {
  /// A state dict as `torch.nn.Module.state_dict()` gives it: an `OrderedDict` from names to tensors.
  public static func stateDict(_ tensors: some Sequence<(name: String, tensor: StoredTensor)>) -> PickleValue {
    .dict(PickleDictionary(tensors.map { (.string($0.name), .tensor($0.tensor)) }, isOrderedDict: true))
  }

  /// The tensors of a state dict in order. `file` is named by the error: ``FormatError`` (`malformed`) where this is no
  /// dictionary from strings to tensors.
  public func stateDict(file: String) throws -> [(name: String, tensor: StoredTensor)] {
    guard let dictionary else {
      throw FormatError(
        .malformed, file: file, "a state dict was expected, but a \(typeName) was found",
        hint: "save it with torch.save(model.state_dict(), path)")
    }
    return try dictionary.pairs.map { key, value in
      guard case .string(let name) = key, let tensor = value.tensor else {
        throw FormatError(
          .malformed, file: file, place: "key \(key)", "a state dict holds tensors, and this is a \(value.typeName)",
          hint: "the weights may be one level deeper, for example under model_state_dict")
      }
      return (name, tensor)
    }
  }
}
