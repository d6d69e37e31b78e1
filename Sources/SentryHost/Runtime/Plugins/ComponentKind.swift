import CSentryPlugin
import SentryPluginAPI

/// The kinds of components that this host knows: one line each, in the order in which a run uses them.
///
/// All else follows from the line: the scope of the options (`model.…`), the key under `components` of a configuration file, what
/// `plugins list` and `plugins inspect` show. The adapters, ``ImportedComponent``, name their kind themselves.
package enum ComponentKind: String, Codable, CaseIterable, Sendable {
  case dataset, augmenter, model, trainer, source, detector, features, video, communicator

  /// The id in the border, the bytes of an object in the first version of the kind, and whether training runs are made of it.
  private var line: (border: String, size: UInt32, isOfRuns: Bool) {
    switch self {
    case .dataset: (SENTRY_KIND_DATASET, SENTRY_DATASET_SIZE_1_0, true)
    case .augmenter: (SENTRY_KIND_AUGMENTER, SENTRY_AUGMENTER_SIZE_1_0, true)
    case .model: (SENTRY_KIND_MODEL, SENTRY_MODEL_SIZE_1_0, true)
    case .trainer: (SENTRY_KIND_TRAINER, SENTRY_TRAINER_SIZE_1_0, true)
    case .source: (SENTRY_KIND_SOURCE, SENTRY_SOURCE_SIZE_1_0, false)
    case .detector: (SENTRY_KIND_DETECTOR, SENTRY_DETECTOR_SIZE_1_0, false)
    case .features: (SENTRY_KIND_FEATURES, SENTRY_FEATURES_SIZE_1_0, false)
    case .video: (SENTRY_KIND_VIDEO, SENTRY_VIDEO_SIZE_1_0, false)
    case .communicator: (SENTRY_KIND_COMMUNICATOR, SENTRY_COMMUNICATOR_SIZE_1_0, false)
    }
  }

  var border: String { line.border }

  /// The bytes of an object in the first version of its kind: struct_size, context, then functions, `destroy` first and
  /// `get_extension` last.
  var firstSize: Int { Int(line.size) }

  /// Those that make up a training run.
  package static var ofRuns: [ComponentKind] { allCases.filter(\.line.isOfRuns) }

  package init?(border: String) {
    guard let kind = Self.allCases.first(where: { $0.border == border }) else { return nil }
    self = kind
  }
}

/// What there is of each kind: the components of a recipe, a request, a plan. Kinds of which there is nothing are absent.
package struct ByKind<Value>: ExpressibleByDictionaryLiteral, Sequence {
  private var values: [ComponentKind: Value] = [:]

  package init(dictionaryLiteral elements: (ComponentKind, Value?)...) {
    for (kind, value) in elements { values[kind] = value }
  }

  package subscript(kind: ComponentKind) -> Value? {
    get { values[kind] }
    set { values[kind] = newValue }
  }

  /// In the order of the kinds.
  package func makeIterator() -> some IteratorProtocol<(kind: ComponentKind, value: Value)> {
    ComponentKind.allCases.compactMap { kind in values[kind].map { (kind: kind, value: $0) } }.makeIterator()
  }
}

extension ByKind: Sendable where Value: Sendable {}
extension ByKind: Equatable where Value: Equatable {}

extension Recipe {
  package var components: ByKind<String> {
    [.dataset: dataset, .augmenter: augmenter, .model: model, .trainer: trainer]
  }
}
