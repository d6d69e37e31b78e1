// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "WatchVideo",
  dependencies: [.package(name: "sentry", path: Context.environment["SENTRY_SOURCE"] ?? "../..")],
  targets: [.executableTarget(name: "WatchVideo", dependencies: [.product(name: "Sentry", package: "sentry")])],
  swiftLanguageModes: [.v6]
)
