// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "ClassifyImage",
  dependencies: [.package(name: "sentry", path: Context.environment["SENTRY_SOURCE"] ?? "../..")],
  targets: [.executableTarget(name: "ClassifyImage", dependencies: [.product(name: "Sentry", package: "sentry")])],
  swiftLanguageModes: [.v6]
)
