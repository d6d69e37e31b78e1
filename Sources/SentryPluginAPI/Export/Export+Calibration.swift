import CSentryPlugin

/// `sentry.trainer.calibration/1`.
func exportCalibration(
  wanted: @convention(c) (UnsafePointer<sentry_trainer>) -> Int32,
  calibrate:
    @convention(c) (
      UnsafePointer<sentry_trainer>, UnsafePointer<sentry_answers>, UnsafePointer<sentry_answers>,
      UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<sentry_error>
    ) -> sentry_status
) -> UnsafeMutablePointer<sentry_trainer_calibration> {
  let size = MemoryLayout<sentry_trainer_calibration>.size
  let out = borderAllocate(size: size, sentry_trainer_calibration.self)
  out.pointee.struct_size = UInt32(size)
  out.pointee.wanted = wanted
  out.pointee.calibrate = calibrate
  return out
}

extension Answers {
  init(_ raw: UnsafePointer<sentry_answers>) throws {
    guard raw.pointee.struct_size >= SENTRY_ANSWERS_SIZE_1_0 else {
      throw PluginError.invalid("sentry_answers.struct_size is \(raw.pointee.struct_size)")
    }
    self.init(
      targets: try Tensor(unowned: raw.pointee.targets),
      logits: try (0..<Int(raw.pointee.task_count)).map { try Tensor(unowned: raw.pointee.logits[$0]) })
  }
}
