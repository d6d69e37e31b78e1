import SentryPluginAPI
import SentryRuntime

/// Test-time augmentation: a model is asked about several views of each sample, and the probabilities that it gives are averaged
/// (Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012). What the views are
/// is the augmenter's decision.
package struct ViewAveraging: Sendable {
  package let set: ViewSet
  /// Of the set, among those of the augmenter.
  private let number: Int
  private let augmenter: ImportedAugmenter

  /// - Parameters:
  ///   - name: of the set.
  ///   - title: whose preprocessing it is, for errors.
  /// - Throws: ``PluginError`` where the augmenter offers no such set.
  package init(_ name: String, of augmenter: ImportedAugmenter?, title: String) throws {
    guard let augmenter, !augmenter.viewSets.isEmpty else {
      throw PluginError.invalid("--tta \(name): the preprocessing of \(title) offers no views", hint: "leave --tta out")
    }
    guard let number = augmenter.viewSets.firstIndex(where: { $0.name == name }) else {
      let known = augmenter.viewSets.map { "\($0.name) (\($0.count) views: \($0.help))" }
      throw PluginError.invalid(
        "--tta \(name): the preprocessing of \(title) has no such views",
        hint: "there are \(known.joined(separator: "; "))")
    }
    (self.number, self.augmenter, set) = (number, augmenter, augmenter.viewSets[number])
  }

  /// One for each view.
  package var augmenters: [any Augmenter] {
    (0..<set.count).map { View(augmenter: augmenter, set: number, view: $0) }
  }

  /// What a reader of the numbers must know.
  package var note: String {
    "Test-time augmentation '\(set.name)': probabilities are means over \(set.count) views of each sample (\(set.help))."
  }

  /// Gives one view of each sample, whatever strength and seed are asked for.
  private struct View: Augmenter {
    let augmenter: ImportedAugmenter
    let set, view: Int
    var specification: AugmenterSpecification { augmenter.specification }

    func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
      try augmenter.view(view, ofSet: set, input)
    }
  }
}
