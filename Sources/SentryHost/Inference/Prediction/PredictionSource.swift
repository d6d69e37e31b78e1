import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// What a trained model can be asked about: arrays that are its input as they are, and files that the augmenter of its training
/// reads.
package struct PredictionSource {
  /// What arguments name.
  package struct Found {
    let paths: [String]
    /// Taken as they are; else files for the augmenter.
    package let areArrays: Bool
    /// In folders, passed over.
    package let otherFiles: Int
  }

  private static let arraySuffix = ".npy"
  private let trained: TrainedModel
  private let augmenter: ImportedAugmenter?
  private let reader: ImportedFileReader?
  private let options: Options
  private let isOptioned: Bool
  /// nil: files are taken whole.
  private let cropper: PictureCropper?

  /// What becomes of pictures.
  package enum Cropping: Sendable, Equatable {
    /// They are samples as they are.
    case none
    /// Pictures of the training samples' kind are taken whole; in others instances are looked for. Models of other things than
    /// pictures are not concerned.
    case auto(aligned: Bool)
    /// Instances are looked for in every picture; the word is what the detector must call them.
    case always(of: String, aligned: Bool)
  }

  /// - Parameters:
  ///   - options: of the reading of files, by name.
  ///   - settings: `--set detector.option=value`.
  package init(
    _ trained: TrainedModel, registry: Registry, options: [String: JSONValue] = [:], cropping: Cropping = .none,
    settings: [String] = []
  ) throws {
    self.trained = trained
    augmenter = try trained.makeAugmenter(registry: registry)
    reader = try augmenter?.reader()
    isOptioned = !options.isEmpty
    let parts = try LiveParts(registry, settings: settings)
    cropper =
      switch cropping {
      case .none: nil
      case .auto(let aligned):
        trained.live?.crop == nil && !aligned
          ? nil : try PictureCropper(trained, mode: .auto, aligned: aligned, parts: parts)
      case .always(let word, let aligned):
        try PictureCropper(trained, mode: .always(of: word), aligned: aligned, parts: parts)
      }
    guard let reader else {
      guard options.isEmpty else {
        throw Self.noReader(trained, "--" + options.keys.sorted().joined(separator: ", --"))
      }
      self.options = Options(json: "{}")
      return
    }
    self.options = try reader.options(options, title: "augmenter '\(trained.augmenter?.name ?? "")'")
  }

  /// - Parameter raw: whether `.npy` files are recordings, for the augmenter; nil to tell by their shapes.
  /// - Throws: ``PluginError`` naming the argument that cannot be had.
  package func find(_ arguments: [String], raw wanted: Bool?) throws -> Found {
    let all = reader?.reading.suffixes ?? []
    let raw = try wanted ?? (all.contains(Self.arraySuffix) && areRecordings(arguments, among: all))
    if raw, !all.contains(Self.arraySuffix) {
      throw PluginError.invalid(
        "--raw: the preprocessing of \(trained.path) reads no .npy files",
        hint: all.isEmpty ? "leave it out" : "it reads \(all.joined(separator: ", "))")
    }
    let suffixes = raw ? all : all.filter { $0 != Self.arraySuffix }
    let isArray = arguments.map { argument in
      !suffixes.contains(Self.arraySuffix) && !FileList.isFolder(argument)
        && FileList.has(argument, [Self.arraySuffix])
    }
    if isArray.contains(true) || suffixes.isEmpty {
      guard suffixes.isEmpty || !isArray.contains(false) else {
        throw PluginError.invalid(
          "arrays (.npy) and files (\(suffixes.joined(separator: ", "))) cannot be predicted together",
          hint: "give one kind at a time")
      }
      guard !isOptioned else {
        throw PluginError.invalid("arrays are used as they are: options of the preprocessing do not apply")
      }
      let list = try FileList(arguments, suffixes: [Self.arraySuffix])
      return Found(paths: list.paths, areArrays: true, otherFiles: list.otherFiles)
    }
    let list = try FileList(arguments, suffixes: suffixes)
    return Found(paths: list.paths, areArrays: false, otherFiles: list.otherFiles)
  }

  /// The views of a set that the augmenter offers. Throws ``PluginError`` where there is no such set.
  package func views(_ name: String) throws -> ViewAveraging {
    try ViewAveraging(name, of: augmenter, title: trained.path)
  }

  package func predict(_ found: Found, with predictor: Predictor) throws -> Prediction {
    if found.areArrays {
      if let views = predictor.views {
        throw PluginError.invalid(
          "--tta \(views.set.name): arrays are used as they are, and have no views",
          hint: "give files, or leave --tta out")
      }
      let hint = reader?.reading.suffixes.contains(Self.arraySuffix) == true
      return try predictor.predict(
        try InputArrays(found.paths, shape: trained.model.specification.input.shape, offersRaw: hint))
    }
    guard let augmenter, let reader else { throw Self.noReader(trained, found.paths.first ?? "") }
    if let cropper {
      return try predictor.predict(
        found.paths, reader: reader, options: options, augmenter: augmenter, cropper: cropper)
    }
    return try predictor.predict(
      try FileDataset(
        found.paths, reader: reader, options: options, tasks: trained.trainedTasks, skipBad: predictor.skipBad),
      augmenter: augmenter)
  }

  /// A recording has as many axes as one input of the model, whose windows are cut from it; several inputs have one more.
  /// - Throws: ``PluginError`` where arguments are of both kinds.
  private func areRecordings(_ arguments: [String], among suffixes: [String]) throws -> Bool {
    let axes = trained.model.specification.input.shape.count
    let arrays = try FileList(arguments, suffixes: suffixes).paths.filter { FileList.has($0, [Self.arraySuffix]) }
      .map { (path: $0, shape: try NPYFile.shape(of: $0)) }
    let others = arrays.filter { $0.shape.count != axes }
    if let other = others.first, let recording = arrays.first(where: { $0.shape.count == axes }) {
      throw PluginError.invalid(
        "\(recording.path) is a recording \(recording.shape), and \(other.path) holds inputs of the model \(other.shape): they cannot be predicted together",
        hint: "give one kind at a time")
    }
    return others.isEmpty
  }

  private static func noReader(_ trained: TrainedModel, _ what: String) -> PluginError {
    .invalid(
      "\(what): the preprocessing of \(trained.path) reads no files",
      hint: "give arrays (.npy), preprocessed as in training")
  }
}
