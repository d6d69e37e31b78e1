import CSentryPlugin

/// The kinds of components that this host knows.
enum ComponentKind: String, Codable, CaseIterable, Sendable {
  case dataset, augmenter, model, trainer, source

  /// Those that make up a training run.
  static let ofRuns: [ComponentKind] = [.dataset, .augmenter, .model, .trainer]

  var border: String {
    switch self {
    case .dataset: SENTRY_KIND_DATASET
    case .augmenter: SENTRY_KIND_AUGMENTER
    case .model: SENTRY_KIND_MODEL
    case .trainer: SENTRY_KIND_TRAINER
    case .source: SENTRY_KIND_SOURCE
    }
  }

  init?(border: String) {
    guard let kind = Self.allCases.first(where: { $0.border == border }) else { return nil }
    self = kind
  }
}
