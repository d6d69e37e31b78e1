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

/// A part of the host, in its folder.
func host(_ part: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: "Sentry\(part)", dependencies: dependencies, path: "Sources/SentryHost/\(part)")
}

/// What a test of the host may look into.
let host: [Target.Dependency] = ["SentryRuntime", "SentryInference", "SentryTraining", "SentryCLI"]

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
    exclude: (fixtures ? ["Fixtures"] : []) + excluding,
    // They wait for programs, disks and other targets: optimising the tests themselves takes longer than it saves.
    swiftSettings: kind == "CLI" || kind == "Integration" || name == "HostTests" ? [.unsafeFlags(["-Onone"])] : [],
    linkerSettings: testsOfPlugins)
}

/// A plugin that only tests load.
func testPlugin(_ name: String, linkerSettings: [LinkerSetting] = []) -> Target {
  .target(
    name: name, dependencies: ["SentryPluginAPI", "SentryPluginExports"],
    path: "Tests/Integration/PluginTests/Plugins/\(name)", linkerSettings: linkerSettings)
}

let plugins = [
  "RecipeEmotion", "EmotionDenseNet", "BackboneMobileNetV3", "PostureTCNLSTM", "ClassifierHeads", "DatasetFER2013",
  "DatasetAffectNet", "DatasetSyntheticFaces",
  "DatasetRAFDB", "DatasetCKPlus",
  "DatasetPosture", "DatasetFeatures", "DatasetSyntheticPosture", "AugmentFace", "AugmentSequence", "TrainerSupervised",
  "SourcesFaces", "SourcesPosture", "FaceBlazeFace", "PoseBlazePose", "FeaturesPosture", "VideoFFmpeg",
  "CommunicatorMPI",
]

// `make build` sets it, and so compiles nothing that only tests need; the tests' plugins would also stand beside the
// executable, where it looks for plugins. `make bench` sets both.
let isRelease = Context.environment["SENTRY_RELEASE"] != nil
let isBench = Context.environment["SENTRY_BENCH"] != nil
// `scripts/fuzz` sets it for the fuzzer of the host's readers of texts, which needs libFuzzer to be linked.
let isFuzzing = Context.environment["SENTRY_TEXT_FUZZER"] != nil
let testPlugins = [
  "TestPluginToyA", "TestPluginToyB", "TestPluginStatic", "TestPluginFiles", "TestPluginLive", "TestPluginDevices",
  "TestPluginGuest",
]

/// Targets that only tests, or only measuring, need.
func whenTesting(_ targets: [Target]) -> [Target] { isRelease ? [] : targets }
func whenFuzzing(_ targets: [Target]) -> [Target] { isFuzzing ? targets : [] }
func whenMeasuring(_ targets: [Target]) -> [Target] { isRelease && !isBench ? [] : targets }

let package = Package(
  name: "sentry",
  products: [
    .executable(name: "sentry", targets: ["SentryCommand"]),
    .executable(name: "sentry-serve", targets: ["SentryServeCommand"]),
    // What a program depends on that uses a trained model.
    .library(name: "Sentry", targets: ["Sentry"]),
    // What a plugin depends on, here and outside: the API, and the flags that hide everything but the entry.
    .library(name: "SentryPlugin", targets: ["SentryPluginAPI", "SentryPluginExports"]),
    // What the tests of a plugin depend on.
    .library(name: "SentryPluginTestKit", targets: ["SentryPluginTestKit"]),
    // What plugins may compute and read with; docs/stability.md says what of it is stable.
    .library(name: "SentryNN", targets: ["SentryNN"]),
    .library(name: "SentryModels", targets: ["SentryModels"]),
    .library(name: "SentryImaging", targets: ["SentryImaging"]),
    .library(name: "SentryFormats", targets: ["SentryFormats"]),
    .library(name: "SentryDigest", targets: ["SentryDigest"]),
    .library(name: "SentryTables", targets: ["SentryTables"]),
  ] + (plugins + (isRelease ? [] : testPlugins)).map { .library(name: $0, type: .dynamic, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0"),
    .package(url: "https://github.com/swhitty/FlyingFox.git", exact: "0.27.1"),
  ],
  targets: [
    // The border.
    .target(name: "CSentryPlugin"),
    .target(
      name: "SentryPluginAPI", dependencies: ["CSentryPlugin", "SentryBase", "SentryThreads"],
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
    .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
    .systemLibrary(name: "CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),
    .target(
      name: "COpenCV",
      cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
      linkerSettings: [.linkedLibrary("opencv_imgproc"), .linkedLibrary("opencv_core"), .linkedLibrary("dl")]),
    // Open FFmpeg's libraries when a video is, and SDL when a window is: FFmpeg's take a tenth of a second.
    .target(name: "CFFmpeg", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CSDL", linkerSettings: [.linkedLibrary("dl")]),

    // Files, paths, system errors, random streams: each once.
    .target(name: "SentryBase"),
    // Apart from the base, so that only who hashes loads the library for it.
    .target(name: "SentryDigest", dependencies: ["SentryBase", "CNettle"]),

    // The laws of the border's kinds as functions: for the checker, and for the tests of plugins.
    .target(
      name: "SentryPluginTestKit", dependencies: ["SentryPluginAPI", "CSentryPlugin", "SentryBase", "SentryThreads"]),

    // Computing.
    .target(name: "SentryThreads"),
    .target(name: "CSentryKernels"),
    kernels("AVX2", define: "LEVEL_AVX2", march: "-march=x86-64-v3 -fno-math-errno"),
    kernels("AVX512", define: "LEVEL_AVX512", march: "-march=x86-64-v4 -mprefer-vector-width=512 -fno-math-errno"),
    kernels(
      "AVX512BF16", define: "LEVEL_AVX512BF16",
      march: "-march=x86-64-v4 -mavx512bf16 -mprefer-vector-width=512 -fno-math-errno"),
    // What training computes beside the network, and what it shares with networks. Apart from these, so that a trainer loads
    // neither oneDNN nor OpenBLAS.
    .target(
      name: "SentryLearning",
      dependencies: [
        "SentryBase", "SentryThreads", "CSentryKernels", "SentryKernelsAVX2", "SentryKernelsAVX512",
        "SentryKernelsAVX512BF16",
      ]),
    .target(
      name: "SentryNN",
      dependencies: [
        "SentryLearning", "SentryBase", "SentryThreads", "CSentryKernels", "COneDNN", "COpenBLAS",
      ]),

    // Faces and poses in pictures: networks from files, and what stands around them. It knows no border.
    .target(name: "SentryVision", dependencies: ["SentryNN", "SentryFormats", "SentryThreads"]),

    // What detector plugins over SentryVision share.
    .target(
      name: "SentryDetectors",
      dependencies: ["SentryVision", "SentryNN", "SentryBase", "SentryPluginAPI", "CSentryPlugin"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),

    // What model plugins over SentryNN share.
    .target(
      name: "SentryModels", dependencies: ["SentryNN", "SentryFormats", "SentryPluginAPI"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),

    // Data.
    .target(name: "SentryFormats", dependencies: ["SentryBase", "CZlib"]),
    // Protobuf/*.pb.swift is generated by scripts/protobuf from its Definitions/.
    .target(
      name: "SentryExchange",
      dependencies: ["SentryFormats", "SentryPluginAPI", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Protobuf/Definitions"]),
    .target(name: "SentryImaging", dependencies: ["COpenCV", "SentryBase"]),
    // Apart from the rest of imaging, so that only who draws loads the libraries of fonts.
    .target(
      name: "COpenCVDrawing", dependencies: ["COpenCV"],
      cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
      linkerSettings: [.linkedLibrary("opencv_freetype"), .linkedLibrary("fontconfig")]),
    .target(name: "SentryDrawing", dependencies: ["COpenCVDrawing", "SentryImaging"]),
    .target(name: "SentryVideo", dependencies: ["CFFmpeg", "CSDL", "SentryImaging", "SentryBase"]),
    // Opens libcurl when it is first needed: linked, it would cost every command start-up time.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl")]),
    // Opens libmpi when it is first needed; its header is Open MPI's, in Debian's folder of either architecture.
    .target(
      name: "CMPI",
      cSettings: [
        .unsafeFlags(
          ["x86_64", "aarch64"].flatMap { ["-isystem", "/usr/lib/\($0)-linux-gnu/openmpi/include"] })
      ], linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "SentryDownload",
      dependencies: [
        "CCurl", "CSentryPlugin", "SentryBase", "SentryDigest", "SentryPluginAPI", "SentryFormats",
      ]),
    .target(name: "SentryTables", dependencies: ["SentryBase", "SentryPluginAPI", "SentryFormats"]),
    .target(name: "SentryImageDatasets", dependencies: ["SentryTables", "SentryPluginAPI", "SentryImaging"]),
    .target(name: "SentryPosture", dependencies: ["SentryPluginAPI"]),
    // Keypoints that other programs found, from their files.
    .target(name: "SentryLandmarks", dependencies: ["SentryBase", "SentryPluginAPI", "SentryFormats"]),

    // Processes and their ends, as Swift's Glibc module does not show them.
    .target(name: "CSentryProcess"),
    // The host: five targets with arrows one way, and what links them.
    host(
      "Runtime",
      [
        "CFFI", "CSentryProcess", "CSentryPlugin", "CSentryKernels", "SentryBase", "SentryDigest", "SentryPluginAPI",
        "SentryThreads", "SentryFormats", .product(name: "Logging", package: "swift-log"),
      ]),
    host("Inference", ["SentryRuntime", "SentryExchange"]),
    host("Training", ["SentryRuntime", "SentryInference", "SentryExchange"]),
    // Reached by `sentry-serve` alone: FlyingFox brings 15 libraries, which every command would load.
    host(
      "Serve",
      ["SentryRuntime", "SentryInference", "SentryDigest", .product(name: "FlyingFox", package: "FlyingFox")]),
    host(
      "CLI",
      [
        "SentryRuntime", "SentryInference", "SentryTraining", "SentryDownload", "SentryLandmarks",
        "SentryPluginTestKit",
        "Yams", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "SentryCommand", dependencies: ["SentryCLI", "SentryExit"]),
    .executableTarget(name: "SentryServeCommand", dependencies: ["SentryCLI", "SentryServe", "SentryExit"]),
    // `_exit` and `_Exit` of the programs, which are those of the plugins, too.
    .target(
      name: "SentryExit", dependencies: ["CSentryProcess"],
      linkerSettings: [
        .unsafeFlags(["_exit", "_Exit"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })
      ]),
    .target(
      name: "Sentry", dependencies: ["SentryRuntime", "SentryInference", "SentryPluginAPI"],
      swiftSettings: [.enableUpcomingFeature("InternalImportsByDefault")]),

    // The plugins.
    plugin("RecipeEmotion"),
    plugin("EmotionDenseNet", ["SentryNN", "SentryModels"]),
    plugin("BackboneMobileNetV3", ["SentryNN", "SentryModels"]),
    plugin("PostureTCNLSTM", ["SentryNN", "SentryModels"]),
    plugin("ClassifierHeads", ["SentryNN", "SentryModels"]),
    plugin("DatasetFER2013", ["SentryImageDatasets", "SentryTables", "SentryImaging", "SentryFormats"]),
    plugin("DatasetAffectNet", ["SentryImageDatasets", "SentryTables", "SentryFormats"]),
    plugin("DatasetRAFDB", ["SentryImageDatasets", "SentryTables", "SentryImaging", "SentryFormats", "SentryBase"]),
    plugin("DatasetCKPlus", ["SentryImageDatasets", "SentryTables", "SentryImaging", "SentryFormats", "SentryBase"]),
    plugin("DatasetSyntheticFaces", ["SentryTables", "SentryImaging"]),
    plugin("AugmentFace", ["SentryImaging"]),
    plugin("DatasetPosture", ["SentryTables", "SentryFormats", "SentryPosture"]),
    plugin("DatasetFeatures", ["SentryTables", "SentryFormats", "SentryPosture"]),
    plugin("DatasetSyntheticPosture", ["SentryPosture", "SentryBase"]),
    plugin("AugmentSequence", ["SentryBase", "SentryFormats"]),
    plugin("TrainerSupervised", ["SentryBase", "SentryLearning"]),
    plugin("VideoFFmpeg", ["SentryVideo", "SentryDrawing", "SentryImaging"]),
    plugin("FaceBlazeFace", ["SentryDetectors", "SentryVision"]),
    plugin("PoseBlazePose", ["SentryDetectors", "SentryLandmarks", "SentryVision"]),
    plugin("CommunicatorMPI", ["CMPI"]),
    plugin("SourcesFaces"),
    plugin("SourcesPosture", ["SentryBase", "SentryFormats", "SentryLandmarks", "SentryPosture"]),
    plugin("FeaturesPosture", ["SentryLandmarks", "SentryPosture"]),
  ]
    + whenTesting([
      // The tests, by kind.
      .target(
        name: "SentryTestSupport", dependencies: ["SentryPluginAPI", "CSentryPlugin", "SentryPluginTestKit"],
        path: "Tests/Support/SentryTestSupport"),
      tests(
        "BaseTests", kind: "Unit",
        ["SentryBase", "SentryDigest", "SentryPluginAPI", "CSentryPlugin", "SentryTestSupport"]),
      tests("BorderTests", kind: "Unit", ["CSentryPlugin", "SentryPluginAPI"]),
      tests("KitTests", kind: "Unit", ["SentryPluginTestKit", "SentryPluginAPI", "SentryBase"]),
      tests("FormatsTests", kind: "Unit", ["SentryFormats", "SentryTestSupport"], fixtures: true),
      tests("ONNXTests", kind: "Unit", ["SentryExchange", "SentryPluginAPI", "SentryFormats"]),
      tests(
        "TensorBoardTests", kind: "Unit", ["SentryExchange", "SentryFormats", "SentryTestSupport"]),
      tests("NNTests", kind: "Unit", ["SentryNN", "SentryThreads", "CSentryKernels"]),
      tests(
        "ModelTests", kind: "Unit",
        [
          "PostureTCNLSTM", "ClassifierHeads", "SentryModels", "SentryNN", "SentryPluginAPI", "SentryTestSupport",
        ]),
      tests("ImagingTests", kind: "Unit", ["SentryImaging", "SentryTestSupport"]),
      tests(
        "VideoTests", kind: "Unit",
        [
          "VideoFFmpeg", "SentryVideo", "SentryDrawing", "SentryImaging", "SentryPluginAPI", "CSDL",
        ], fixtures: true),
      tests("VisionTests", kind: "Unit", ["SentryVision", "SentryNN", "SentryFormats", "SentryThreads"]),
      tests(
        "DatasetsTests", kind: "Unit",
        [
          "SentryTables", "SentryImageDatasets", "SentryImaging", "DatasetFER2013", "DatasetAffectNet",
          "DatasetSyntheticFaces", "DatasetRAFDB", "DatasetCKPlus",
          "SentryTestSupport",
        ]),
      tests(
        "PostureDataTests", kind: "Unit",
        [
          "DatasetPosture", "DatasetFeatures", "DatasetSyntheticPosture", "AugmentSequence", "SentryPosture",
          "SentryFormats", "SentryBase", "SentryPluginAPI", "CSentryPlugin", "SentryTestSupport",
        ], fixtures: true),
      tests(
        "LandmarksTests", kind: "Unit",
        [
          "SentryLandmarks", "FeaturesPosture", "SentryPosture", "SentryVision", "SentryFormats", "SentryPluginAPI",
          "SentryTestSupport",
        ]),
      tests("DownloadTests", kind: "Unit", ["SentryDownload", "SentryPluginAPI", "CSentryPlugin"], fixtures: true),
      tests(
        "SourcesTests", kind: "Unit",
        ["SourcesPosture", "SentryLandmarks", "SentryPosture", "SentryFormats", "SentryPluginAPI", "CSentryPlugin"]),
      tests("TrainerTests", kind: "Unit", ["TrainerSupervised", "SentryLearning", "SentryTestSupport"]),
      tests(
        "EmotionTests", kind: "Unit",
        ["EmotionDenseNet", "BackboneMobileNetV3", "SentryModels", "SentryFormats", "SentryTestSupport"]),
      tests(
        "HostTests", kind: "Unit",
        host + [
          "SentryPluginAPI", "SentryPluginTestKit", "SentryPosture", "CSentryPlugin", "SentryFormats", "SentryExchange",
        ]),
      tests(
        "ServeTests", kind: "Unit",
        [
          "SentryServe", "SentryInference", "SentryPluginAPI", "SentryCLI",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
      tests(
        "NNGoldenTests", kind: "Golden",
        [
          "SentryNN", "SentryThreads", "EmotionDenseNet", "BackboneMobileNetV3", "PostureTCNLSTM", "ClassifierHeads",
        ], fixtures: true),
      tests(
        "VisionGoldenTests", kind: "Golden",
        [
          "FaceBlazeFace", "PoseBlazePose", "SentryPluginAPI", "SentryVision", "SentryNN", "SentryFormats",
          "SentryThreads", "SentryImaging", "SentryPosture", "SentryTestSupport",
        ], fixtures: true),
      tests(
        "AugmentGoldenTests", kind: "Golden",
        ["SentryImaging", "AugmentFace", "SentryPluginAPI", "CSentryPlugin", "SentryTestSupport"], fixtures: true),
      tests(
        "PluginTests", kind: "Integration", host + ["SentryPluginAPI", "CSentryPlugin"], excluding: ["Plugins"]),
      tests(
        "WebTests", kind: "Integration",
        ["SentryServe", "SentryInference", "SentryPluginAPI", "SentryDrawing", "SentryImaging"],
        excluding: ["browse.py"]),
      tests(
        "TrainingTests", kind: "Integration",
        host + ["SentryPluginAPI", "CSentryPlugin", "SentryFormats", "SentryTestSupport", "TrainerSupervised"]),
      tests(
        "CommandTests", kind: "CLI", host + ["SentryFormats", "SentryBase", "SentryTestSupport"], fixtures: true),
      // What Examples/ClassifyImage builds as a package of its own, without building all of this again.
      .executableTarget(
        name: "ClassifyImage", dependencies: ["Sentry"], path: "Examples/ClassifyImage/Sources/ClassifyImage"),
      .executableTarget(name: "WatchVideo", dependencies: ["Sentry"], path: "Examples/WatchVideo/Sources/WatchVideo"),
    ])
    + whenFuzzing([
      .executableTarget(
        name: "TextFuzzer",
        dependencies: host + [
          "SentryPluginAPI", "SentryPluginTestKit", "SentryPosture", "SentryFormats", "SentryExchange",
        ],
        path: "Tests/Fuzz/TextFuzzer")
    ])
    + whenMeasuring([
      .target(name: "BenchWorker", path: "Benchmarks/Worker"),
      .executableTarget(
        name: "SequenceBench",
        dependencies: [
          "BenchWorker", "SentryNN", "SentryThreads", "PostureTCNLSTM", "ClassifierHeads",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], path: "Benchmarks/Sequence", linkerSettings: testsOfPlugins),
      .executableTarget(
        name: "EngineBench",
        dependencies: [
          "BenchWorker", "SentryNN", "SentryThreads", "EmotionDenseNet",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], path: "Benchmarks/Engine"),
      .executableTarget(
        name: "AugmentBench",
        dependencies: [
          "BenchWorker", "AugmentFace", "SentryImaging",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], path: "Benchmarks/Augment"),
      .executableTarget(
        name: "PoseBench",
        dependencies: [
          "BenchWorker", "SentryVision", "SentryThreads",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], path: "Benchmarks/Pose"),
    ])
    + whenTesting(
      testPlugins.map {
        testPlugin($0, linkerSettings: $0.hasSuffix("Static") ? [.unsafeFlags(["-static-stdlib"])] : [])
      }),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
