// swift-tools-version: 6.2
import PackageDescription

// SwiftPM links all tests of a package into one binary, and every plugin defines the same entry function: there, and in a bench
// over two plugins, the first definition wins. The plugins themselves are linked without this.
let testsOfPlugins: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "--allow-multiple-definition"])]

/// A plugin is one folder under Plugins/ and one shared library that exports the entry and nothing else.
func plugin(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: ["SentryPluginAPI", "SentryPluginExports"] + dependencies, path: "Plugins/\(name)")
}

/// Vector kernels: one source folder, built once per CPU level through symbolic links, reached only through a C table.
func kernels(_ level: String, define: String, march: String) -> Target {
  .target(
    name: "SentryKernels\(level)", dependencies: ["CSentryKernels"],
    swiftSettings: [
      .define(define), .unsafeFlags(["-Ounchecked"] + march.split(separator: " ").flatMap { ["-Xcc", String($0)] }),
    ])
}

/// Tests stand by kind; what they read beside the sources lies in a folder Fixtures, found through `#filePath`.
func tests(
  _ name: String, kind: String, _ dependencies: [Target.Dependency], fixtures: Bool = false, excluding: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(kind)/\(name)",
    exclude: (fixtures ? ["Fixtures"] : []) + excluding, linkerSettings: testsOfPlugins)
}

/// A plugin that only tests load.
func testPlugin(_ name: String, linkerSettings: [LinkerSetting] = []) -> Target {
  .target(
    name: name, dependencies: ["SentryPluginAPI", "SentryPluginExports"],
    path: "Tests/Integration/PluginTests/Plugins/\(name)", linkerSettings: linkerSettings)
}

let plugins = [
  "EmotionDenseNet", "PostureTCNLSTM", "ClassifierHeads", "DatasetFER2013", "DatasetAffectNet", "DatasetSyntheticFaces",
  "DatasetPosture", "DatasetFeatures", "DatasetSyntheticPosture", "AugmentFace", "AugmentSequence", "TrainerSupervised",
  "SourcesFaces", "SourcesPosture",
]

// `make build` leaves them out: they would stand beside the executable, where it looks for plugins.
let testPlugins =
  Context.environment["SENTRY_RELEASE"] == nil ? ["TestPluginToyA", "TestPluginToyB", "TestPluginStatic"] : []

let package = Package(
  name: "sentry",
  products: [
    .executable(name: "sentry", targets: ["SentryCommand"]),
    // What a program depends on that uses a trained model.
    .library(name: "Sentry", targets: ["Sentry"]),
    // What a plugin depends on, here and outside: the API, and the flags that hide everything but the entry.
    .library(name: "SentryPlugin", targets: ["SentryPluginAPI", "SentryPluginExports"]),
  ] + (plugins + testPlugins).map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0"),
  ],
  targets: [
    // The border.
    .target(name: "CSentryPlugin"),
    .target(
      name: "SentryPluginAPI", dependencies: ["CSentryPlugin", "SentryThreads"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),
    .target(
      name: "SentryPluginExports", exclude: ["exports.map"],
      // Linker settings travel to every product that links the target. Absolute, because the linker of a third party
      // runs in that party's folder.
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/SentryPluginExports/exports.map",
        ])
      ]),

    // System libraries and their thin shims.
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
    .target(
      name: "COpenCV",
      cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
      linkerSettings: [
        .linkedLibrary("opencv_imgcodecs"), .linkedLibrary("opencv_imgproc"), .linkedLibrary("opencv_core"),
      ]),

    // Computing.
    .target(name: "SentryThreads"),
    .target(name: "CSentryKernels"),
    kernels("AVX2", define: "LEVEL_AVX2", march: "-march=x86-64-v3 -fno-math-errno"),
    kernels("AVX512", define: "LEVEL_AVX512", march: "-march=x86-64-v4 -mprefer-vector-width=512 -fno-math-errno"),
    kernels(
      "AVX512BF16", define: "LEVEL_AVX512BF16",
      march: "-march=x86-64-v4 -mavx512bf16 -mprefer-vector-width=512 -fno-math-errno"),
    .target(
      name: "SentryNN",
      dependencies: [
        "SentryThreads", "CSentryKernels", "SentryKernelsAVX2", "SentryKernelsAVX512", "SentryKernelsAVX512BF16",
        "COneDNN", "COpenBLAS",
      ]),

    // Faces and poses in pictures: networks from files, and what stands around them. It knows no border.
    .target(name: "SentryVision", dependencies: ["SentryNN", "SentryFormats", "SentryThreads"]),

    // What model plugins over SentryNN share.
    .target(
      name: "SentryModels", dependencies: ["SentryNN", "SentryPluginAPI"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),

    // Data.
    // Generated by scripts/protobuf from Definitions/.
    .target(
      name: "SentryProtobuf", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Definitions"]),
    .target(name: "SentryFormats", dependencies: ["CZlib"]),
    .target(name: "SentryONNX", dependencies: ["SentryFormats", "SentryPluginAPI", "SentryProtobuf"]),
    .target(
      name: "SentryTensorBoard",
      dependencies: [
        "SentryFormats", "SentryProtobuf", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .target(name: "SentryRandom"),
    .target(name: "SentryImaging", dependencies: ["COpenCV", "SentryRandom"]),
    // Opens libcurl when it is first needed: linked, it would cost every command start-up time.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "SentryDownload",
      dependencies: [
        "CCurl", "CSentryPlugin", "SentryPluginAPI", "SentryFormats", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "SentryDatasets", dependencies: ["SentryPluginAPI", "SentryImaging", "SentryFormats"]),
    .target(name: "SentryPosture", dependencies: ["SentryPluginAPI"]),

    // The host.
    .target(
      name: "SentryHost",
      dependencies: [
        "CFFI", "CSentryPlugin", "CSentryKernels", "SentryPluginAPI", "SentryThreads", "SentryFormats", "SentryONNX",
        "SentryTensorBoard", "SentryDownload", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .executableTarget(name: "SentryCommand", dependencies: ["SentryHost"]),
    .target(
      name: "Sentry", dependencies: ["SentryHost", "SentryPluginAPI"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),

    // The plugins.
    plugin("EmotionDenseNet", ["SentryNN", "SentryModels", "SentryFormats"]),
    plugin("PostureTCNLSTM", ["SentryNN", "SentryModels"]),
    plugin("ClassifierHeads", ["SentryNN", "SentryModels"]),
    plugin("DatasetFER2013", ["SentryDatasets", "SentryImaging", "SentryFormats"]),
    plugin("DatasetAffectNet", ["SentryDatasets", "SentryFormats"]),
    plugin("DatasetSyntheticFaces", ["SentryDatasets", "SentryImaging"]),
    plugin("AugmentFace", ["SentryImaging"]),
    plugin("DatasetPosture", ["SentryDatasets", "SentryFormats", "SentryPosture"]),
    plugin("DatasetFeatures", ["SentryDatasets", "SentryFormats", "SentryPosture"]),
    plugin("DatasetSyntheticPosture", ["SentryPosture", "SentryRandom"]),
    plugin("AugmentSequence", ["SentryRandom", "SentryFormats"]),
    plugin("TrainerSupervised", ["SentryNN"]),
    plugin("SourcesFaces"),
    plugin("SourcesPosture", ["SentryFormats"]),

    // The tests, by kind.
    .target(
      name: "SentryTestSupport", dependencies: ["SentryPluginAPI", "CSentryPlugin"],
      path: "Tests/Support/SentryTestSupport"),
    tests("BorderTests", kind: "Unit", ["CSentryPlugin", "SentryPluginAPI"]),
    tests("FormatsTests", kind: "Unit", ["SentryFormats", "SentryTestSupport"], fixtures: true),
    tests("ONNXTests", kind: "Unit", ["SentryONNX", "SentryPluginAPI", "SentryFormats", "SentryProtobuf"]),
    tests(
      "TensorBoardTests", kind: "Unit", ["SentryTensorBoard", "SentryFormats", "SentryProtobuf", "SentryTestSupport"]),
    tests("NNTests", kind: "Unit", ["SentryNN", "SentryThreads", "CSentryKernels"]),
    tests(
      "ModelTests", kind: "Unit", ["PostureTCNLSTM", "ClassifierHeads", "SentryPluginAPI", "SentryTestSupport"]),
    tests("VisionTests", kind: "Unit", ["SentryVision", "SentryNN", "SentryFormats", "SentryThreads"]),
    tests("ImagingTests", kind: "Unit", ["SentryImaging"]),
    tests(
      "DatasetsTests", kind: "Unit",
      [
        "SentryDatasets", "SentryImaging", "DatasetFER2013", "DatasetAffectNet", "DatasetSyntheticFaces",
        "SentryTestSupport",
      ]),
    tests(
      "PostureDataTests", kind: "Unit",
      [
        "DatasetPosture", "DatasetFeatures", "DatasetSyntheticPosture", "AugmentSequence", "SentryPosture",
        "SentryFormats", "SentryRandom", "SentryPluginAPI", "CSentryPlugin", "SentryTestSupport",
      ], fixtures: true),
    tests("DownloadTests", kind: "Unit", ["SentryDownload", "SentryPluginAPI", "CSentryPlugin"], fixtures: true),
    tests("SourcesTests", kind: "Unit", ["SourcesPosture", "SentryFormats", "SentryPluginAPI", "CSentryPlugin"]),
    tests("TrainerTests", kind: "Unit", ["TrainerSupervised", "SentryTestSupport"]),
    tests("EmotionTests", kind: "Unit", ["EmotionDenseNet", "SentryFormats", "SentryTestSupport"]),
    tests("HostTests", kind: "Unit", ["SentryHost", "SentryPluginAPI", "CSentryPlugin", "SentryFormats"]),
    tests(
      "NNGoldenTests", kind: "Golden",
      ["SentryNN", "SentryThreads", "EmotionDenseNet", "PostureTCNLSTM", "ClassifierHeads"], fixtures: true),
    tests(
      "VisionGoldenTests", kind: "Golden",
      [
        "SentryVision", "SentryNN", "SentryFormats", "SentryThreads", "SentryImaging", "SentryPosture",
        "SentryTestSupport",
      ], fixtures: true),
    tests(
      "AugmentGoldenTests", kind: "Golden",
      ["SentryImaging", "AugmentFace", "SentryPluginAPI", "CSentryPlugin", "SentryTestSupport"], fixtures: true),
    tests(
      "PluginTests", kind: "Integration", ["SentryHost", "SentryPluginAPI", "CSentryPlugin"], excluding: ["Plugins"]),
    tests(
      "TrainingTests", kind: "Integration", ["SentryHost", "SentryPluginAPI", "SentryFormats", "SentryTestSupport"]),
    tests(
      "CommandTests", kind: "CLI", ["SentryHost", "SentryFormats", "SentryRandom", "SentryTestSupport"], fixtures: true),
    // What Examples/ClassifyImage builds as a package of its own, without building all of this again.
    .executableTarget(
      name: "ClassifyImage", dependencies: ["Sentry"], path: "Examples/ClassifyImage/Sources/ClassifyImage"),
    .executableTarget(
      name: "SequenceBench",
      dependencies: [
        "SentryNN", "SentryThreads", "PostureTCNLSTM", "ClassifierHeads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Sequence", linkerSettings: testsOfPlugins),
    .executableTarget(
      name: "EngineBench",
      dependencies: [
        "SentryNN", "SentryThreads", "EmotionDenseNet",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Engine"),
    .executableTarget(
      name: "PoseBench",
      dependencies: [
        "SentryVision", "SentryThreads", "SentryImaging",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Pose"),
    .executableTarget(
      name: "AugmentBench",
      dependencies: [
        "AugmentFace", "SentryImaging", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Augment"),
  ]
    + testPlugins.map {
      testPlugin($0, linkerSettings: $0.hasSuffix("Static") ? [.unsafeFlags(["-static-stdlib"])] : [])
    },
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
