import CSentryPlugin

extension ImportedModel {
  /// What the model says a pass needs beyond its parameters and their gradients; nil where it does not offer
  /// `sentry.model.memory/1`.
  public func estimatedBytes(batchSize: Int, training: Bool) -> Int? {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_MODEL_MEMORY) else { return nil }
    let memory = raw.assumingMemoryBound(to: sentry_model_memory.self)
    guard memory.pointee.struct_size >= SENTRY_MODEL_MEMORY_SIZE_1_0 else { return nil }
    let bytes = memory.pointee.estimate(object, Int64(batchSize), training ? SENTRY_FORWARD_TRAINING : 0)
    return bytes >= 0 ? Int(bytes) : nil
  }

  /// Seconds by class of operation since the last call; nil where the model does not offer `sentry.profile/1`.
  public func takeProfile() throws -> [String: Double]? {
    try importedProfile(of: UnsafeRawPointer(object), object.pointee.get_extension(object, SENTRY_EXTENSION_PROFILE))
  }
}

extension ImportedTrainer {
  /// Passes at most so many samples through the model at once; false where the trainer does not offer
  /// `sentry.trainer.split/1`. To be called after ``begin(_:run:)``.
  public func split(into samples: Int) throws -> Bool {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_TRAINER_SPLIT) else { return false }
    let split = raw.assumingMemoryBound(to: sentry_trainer_split.self)
    guard split.pointee.struct_size >= SENTRY_TRAINER_SPLIT_SIZE_1_0 else { return false }
    try acrossBorder { split.pointee.set_size(object, Int64(samples), $0) }
    return true
  }

  /// Seconds by class of operation since the last call; nil where the trainer does not offer `sentry.profile/1`.
  public func takeProfile() throws -> [String: Double]? {
    try importedProfile(of: UnsafeRawPointer(object), object.pointee.get_extension(object, SENTRY_EXTENSION_PROFILE))
  }
}

private func importedProfile(of object: UnsafeRawPointer, _ raw: UnsafeRawPointer?) throws -> [String: Double]? {
  guard let profile = raw?.assumingMemoryBound(to: sentry_profile.self),
    profile.pointee.struct_size >= SENTRY_PROFILE_SIZE_1_0
  else { return nil }
  return try JSON.decode(from: String(cString: profile.pointee.take(object)), what: "a profile")
}
