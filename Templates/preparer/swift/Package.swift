// swift-tools-version: 6.2
import PackageDescription

// The source package of the installed Sentry, or a checkout. By path, because SwiftPM refuses packages by version whose targets have
// unsafe flags, and a plugin needs the linker's flag that hides everything but its entry.
let sentry = Context.environment["SENTRY_SOURCE"] ?? "/template/source"

let package = Package(
  name: "TemplateKindTemplateName",
  products: [.library(name: "TemplateKindTemplateName", type: .dynamic, targets: ["TemplateKindTemplateName"])],
  dependencies: [.package(name: "sentry", path: sentry)],
  targets: [
    .target(
      name: "TemplateKindTemplateName",
      dependencies: [
        .product(name: "SentryPlugin", package: "sentry"), .product(name: "SentryFormats", package: "sentry"),
      ]),
    .testTarget(
      name: "TemplateKindTemplateNameTests",
      dependencies: ["TemplateKindTemplateName", .product(name: "SentryFormats", package: "sentry")]),
  ],
  swiftLanguageModes: [.v6]
)
