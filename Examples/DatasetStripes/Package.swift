// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "DatasetStripes",
  products: [.library(name: "DatasetStripes", type: .dynamic, targets: ["DatasetStripes"])],
  dependencies: [.package(name: "sentry", path: Context.environment["SENTRY_SOURCE"] ?? "../..")],
  targets: [.target(name: "DatasetStripes", dependencies: [.product(name: "SentryPlugin", package: "sentry")])],
  swiftLanguageModes: [.v6]
)
