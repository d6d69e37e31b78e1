import CSentryPlugin

/// The kinds of components that this host knows.
package enum ComponentKind: String, Codable, CaseIterable, Sendable {
  case dataset, augmenter, model, trainer, source

  /// Those that make up a training run.
  package static let ofRuns: [ComponentKind] = [.dataset, .augmenter, .model, .trainer]

  package var border: String {
    switch self {
    case .dataset: SENTRY_KIND_DATASET
    case .augmenter: SENTRY_KIND_AUGMENTER
    case .model: SENTRY_KIND_MODEL
    case .trainer: SENTRY_KIND_TRAINER
    case .source: SENTRY_KIND_SOURCE
    }
  }

  package init?(border: String) {
    guard let kind = Self.allCases.first(where: { $0.border == border }) else { return nil }
    self = kind
  }
}
