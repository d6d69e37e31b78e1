import CSentryPlugin

/// What a component is made from: the options as the host checked them, and the host itself.
public struct Making: Sendable {
  public let options: Options
  public let host: Host
}

/// One component of a plugin: its description and how to make it.
public struct Component: Sendable {
  let kind, name, summary: String
  let options: [OptionDeclaration]
  let score: (@Sendable (String) -> Int)?
  let create: @Sendable (Making) throws -> UnsafeMutableRawPointer

  /// - Parameter score: how well a path looks like this dataset, 0 to 100; a quick look at names and headers.
  public static func dataset(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [], score: (@Sendable (String) -> Int)? = nil,
    make: @escaping @Sendable (Making) throws -> any Dataset
  ) -> Component {
    Component(kind: SENTRY_KIND_DATASET, name: name, summary: summary, options: options, score: score) {
      .init(try export(try make($0)))
    }
  }

  public static func augmenter(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (Making) throws -> any Augmenter
  ) -> Component {
    Component(kind: SENTRY_KIND_AUGMENTER, name: name, summary: summary, options: options, score: nil) {
      .init(try export(try make($0)))
    }
  }

  public static func model(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (Making) throws -> any Model
  ) -> Component {
    Component(kind: SENTRY_KIND_MODEL, name: name, summary: summary, options: options, score: nil) {
      .init(try export(try make($0)))
    }
  }

  public static func trainer(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [],
    make: @escaping @Sendable (Making) throws -> any Trainer
  ) -> Component {
    Component(kind: SENTRY_KIND_TRAINER, name: name, summary: summary, options: options, score: nil) {
      .init(try export(try make($0), host: $0.host))
    }
  }

  /// - Parameter score: how well a path looks like raw data of this source, 0 to 100.
  public static func source(
    _ name: String, _ summary: String, options: [OptionDeclaration] = [], score: (@Sendable (String) -> Int)? = nil,
    make: @escaping @Sendable (Making) throws -> any Source
  ) -> Component {
    Component(kind: SENTRY_KIND_SOURCE, name: name, summary: summary, options: options, score: score) {
      .init(try export(try make($0)))
    }
  }
}
