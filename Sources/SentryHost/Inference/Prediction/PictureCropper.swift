import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// Finds instances in photographs and cuts them out, by the rule that the checkpoint states under `live`.
final class PictureCropper {
  /// What becomes of pictures.
  enum Mode: Sendable, Equatable {
    /// Pictures of the training samples' kind are taken whole; in others instances are looked for.
    case auto
    /// Instances are looked for in every picture; the word is what the detector must call them.
    case always(of: String)
  }

  /// A sample of the augmenter, and where it was in its picture; nil: all of it.
  typealias Cut = (sample: Tensor, place: Prediction.Place?)

  private let live: Recipe.Live
  private let crop: Recipe.Crop
  private let mode: Mode
  private let aligned: Bool
  private let parts: LiveParts
  /// Made for the first picture that needs it.
  private var detector: ImportedDetector?

  /// - Throws: ``PluginError`` for a model that does not judge pictures of instances.
  init(_ trained: TrainedModel, mode: Mode, aligned: Bool, parts: LiveParts) throws {
    guard let live = trained.live, let crop = live.crop else {
      throw PluginError.invalid(
        "--crop: \(trained.path) does not judge pictures of instances (its checkpoint and its recipe state no crop)",
        hint: "leave --crop out")
    }
    (self.live, self.crop, self.mode, self.aligned, self.parts) = (live, crop, mode, aligned, parts)
  }

  /// What the detector looks for; nil until a picture needed it.
  var sought: String? { detector?.specification.instances }

  /// - Parameter picture: uint8 [H, W, C].
  /// - Returns: the instances, highest score first; nothing if there is none.
  func cut(_ picture: Tensor) throws -> [Cut] {
    guard picture.shape.count == 3, picture.dtype == .uint8 else {
      throw PluginError.invalid("--crop: the samples are \(picture.dtype) \(picture.shape), not pictures")
    }
    let (height, width) = (picture.shape[0], picture.shape[1])
    if mode == .auto, crop.takesWhole(width: width, height: height) { return [(picture, nil)] }
    let detector = try ready()
    let image = try picture.asRGB()
    let pictures = try parts.video.get()
    return try detector.detect(in: image).map { instance in
      let region = try crop.region(
        of: instance, keypoints: detector.specification.keypoints, width: width, height: height, aligned: aligned)
      return (try pictures.cut(region, from: image), Prediction.Place(instance, width: width, height: height))
    }
  }

  private func ready() throws -> ImportedDetector {
    if let detector { return detector }
    let made = try parts.detector(live.detector, withoutFiles: "--crop none, which judges pictures whole")
    if case .always(let word) = mode, made.specification.instances != word {
      throw PluginError.invalid(
        "--crop \(word): the detector '\(live.detector)' of this checkpoint finds '\(made.specification.instances)'",
        hint: "--crop \(made.specification.instances), auto or none")
    }
    detector = made
    return made
  }
}

extension Tensor {
  /// A picture, uint8 [H, W, 3]; grey ones get three equal channels, and a fourth channel is dropped.
  fileprivate func asRGB() throws -> Tensor {
    guard shape[2] != 3 else { return self }
    let pixels = try elements(as: UInt8.self)
    let (count, channels) = (shape[0] * shape[1], shape[2])
    let result = Tensor([shape[0], shape[1], 3], .uint8)
    let values = try result.elements(as: UInt8.self)
    for pixel in 0..<count {
      for channel in 0..<3 { values[3 * pixel + channel] = pixels[channels * pixel + (channels < 3 ? 0 : channel)] }
    }
    return result
  }
}

extension Predictor {
  /// Judges every instance of every picture; the samples of one picture are numbered if there are several.
  func predict(
    _ paths: [String], reader: ImportedFileReader, options: Options, augmenter: ImportedAugmenter,
    cropper: PictureCropper
  ) throws -> Prediction {
    var prediction = empty
    let augmenters: [any Augmenter] = views?.augmenters ?? [augmenter]
    // The same samples for each view.
    var (inputs, names) = (augmenters.map { _ in [Tensor]() }, [String]())
    var batches = 0
    func flush() throws {
      guard !names.isEmpty else { return }
      try ask(views: try inputs.map { try Tensor(stacking: $0) }, number: batches, names, &prediction)
      (inputs, names, batches) = (augmenters.map { _ in [] }, [], batches + 1)
    }
    for (number, path) in paths.enumerated() {
      if HostState.shared.isCancelled { throw PluginError("stopped by the user", code: SENTRY_CANCELLED) }
      do {
        let cuts = try cropper.cut(try reader.readSample(0, of: path, options: options))
        if cuts.isEmpty { prediction.without.append((prediction.names.count + names.count, path)) }
        for (index, cut) in cuts.enumerated() {
          for (view, augmenter) in augmenters.enumerated() {
            inputs[view].append(try augmenter.apply(cut.sample, strength: .none, seed: 0))
          }
          names.append(cuts.count == 1 ? path : "\(path)#\(index + 1)")
          prediction.places.append(cut.place)
        }
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
        prediction.skipped.append(
          SkippedSample(split: FileDataset.split, index: number, name: path, reason: error.message))
        guard prediction.skipped.count <= skipBad else { throw SampleReader.unreadable(path, error, allowed: skipBad) }
      }
      if names.count >= batchSize { try flush() }
      progress(number + 1, paths.count)
    }
    try flush()
    prediction.sought = cropper.sought
    return prediction
  }
}

extension Tensor {
  /// Float32 tensors of one shape as one, [count, …].
  /// - Throws: ``PluginError`` for another type or shape.
  convenience init(stacking tensors: [Tensor]) throws {
    let shape = tensors.first?.shape ?? []
    self.init([tensors.count] + shape)
    for (index, tensor) in tensors.enumerated() {
      guard tensor.shape == shape, tensor.dtype == .float32 else {
        throw PluginError("prepared samples are \(tensor.dtype) \(tensor.shape), expected float32 \(shape)")
      }
      (data + index * tensor.byteCount).copyMemory(from: tensor.data, byteCount: tensor.byteCount)
    }
  }
}
