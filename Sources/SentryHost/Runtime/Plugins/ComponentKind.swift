import CSentryPlugin
import SentryPluginAPI

/// The kinds of components that this host knows: one line each, in the order in which a run uses them.
///
/// All else follows from the line: the scope of the options (`model.…`), the key under `components` of a configuration file, what
/// `plugins list` and `plugins inspect` show. The adapters, ``ImportedComponent``, name their kind themselves.
package enum ComponentKind: String, Codable, CaseIterable, Sendable {
  case dataset, augmenter, model, trainer, source, detector, features, video, communicator

  /// The id in the border, and whether training runs are made of it.
  private var line: (border: String, isOfRuns: Bool) {
    switch self {
    case .dataset: (SENTRY_KIND_DATASET, true)
    case .augmenter: (SENTRY_KIND_AUGMENTER, true)
    case .model: (SENTRY_KIND_MODEL, true)
    case .trainer: (SENTRY_KIND_TRAINER, true)
    case .source: (SENTRY_KIND_SOURCE, false)
    case .detector: (SENTRY_KIND_DETECTOR, false)
    case .features: (SENTRY_KIND_FEATURES, false)
    case .video: (SENTRY_KIND_VIDEO, false)
    case .communicator: (SENTRY_KIND_COMMUNICATOR, false)
    }
  }

  var border: String { line.border }

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
