import ArgumentParser
import SentryRuntime

/// What `sentry plugins new` begins; the raw values are the folders of the templates.
enum NewComponentKind: String, CaseIterable, ExpressibleByArgument {
  case dataset, augmenter, model, trainer, preparer

  /// The kind in the border.
  var component: ComponentKind {
    switch self {
    case .dataset: .dataset
    case .augmenter: .augmenter
    case .model: .model
    case .trainer: .trainer
    case .preparer: .source
    }
  }
}

/// The languages of templates; the raw values are their folders.
enum PluginLanguage: String, CaseIterable, ExpressibleByArgument {
  case swift, c, cpp

  var title: String {
    switch self {
    case .swift: "Swift"
    case .c: "C"
    case .cpp: "C++"
    }
  }

  /// How the packages of its templates are built and tested.
  var commands: [String] {
    switch self {
    case .swift: ["swift build", "swift test"]
    case .c, .cpp: ["make", "make test"]
    }
  }
}
