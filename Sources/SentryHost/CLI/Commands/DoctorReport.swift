import Glibc
import SentryPluginAPI
import SentryRuntime

/// What `sentry doctor` tells; as it stands what `--json` prints.
struct DoctorReport: Encodable {
  /// What a run does side by side where nothing else is asked for.
  struct Threads: Encodable, Equatable {
    var compute, loaders: Int
  }
  /// A shared library, and which plugins ask for it.
  struct Library: Encodable {
    var name, file: String
    var version: String?
    var plugins: [String]?
  }

  /// The devices that a component works on; of those that tell.
  struct Devices: Encodable {
    var kind, name, plugin: String
    var devices: [String]
    /// Why on none but the CPU, and why not on the CPU.
    var reason, reasonOnCPU: String?

    enum CodingKeys: String, CodingKey {
      case kind, name, plugin, devices, reason
      case reasonOnCPU = "reason_on_cpu"
    }
  }
  /// What connects processes.
  struct Communicator: Encodable {
    var name, plugin: String
    /// nil if it does not tell.
    var works: Bool?
    var reason: String?
    var library: Library?
    /// `OMPI_COMM_WORLD_SIZE=4`, of the launcher that started this process.
    var launcher: String?
  }

  let sentry = Version.sentry
  let machine = Machine.current
  let availableMemoryBytes = Machine.availableMemoryBytes
  let freeDiskBytes: Int?
  let cLibrary = SharedLibraries.cLibrary
  /// The vector extensions that kernels are written for.
  let cpuFeatures: [String: Bool]
  let kernelLevel: String?
  let kernelNote: String?
  let threads: Threads
  /// Of the recipes that begin with other numbers.
  let threadsOfRecipes: [String: Threads]
  let search: [PluginListing.Folder]
  let plugins: [PluginListing.Plugin]
  let devices: [Devices]
  let communicators: [Communicator]
  let modelFiles: ModelListing
  let libraries: [Library]
  let librariesOfSentry: [Library]

  enum CodingKeys: String, CodingKey {
    case sentry, machine, threads, search, plugins, libraries, devices, communicators
    case availableMemoryBytes = "available_memory_bytes"
    case freeDiskBytes = "free_disk_bytes"
    case cLibrary = "c_library"
    case modelFiles = "model_files"
    case cpuFeatures = "cpu_features"
    case kernelLevel = "kernel_level"
    case kernelNote = "kernel_note"
    case threadsOfRecipes = "threads_of_recipes"
    case librariesOfSentry = "libraries_of_sentry"
  }

  static let features = ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"]

  init(_ discovery: Discovery) throws {
    freeDiskBytes = Self.freeDisk()
    cpuFeatures = try Self.presentFeatures()
    let level = KernelLevel.current
    (kernelLevel, kernelNote) = (level.name, level.note)

    let usual = Self.threads([:])
    let recipes = Registry(discovery).recipes.map { ($0.name, Self.threads($0.defaults)) }
    threads = usual
    threadsOfRecipes = Dictionary(recipes.filter { $0.1 != usual }) { first, _ in first }

    let listing = PluginListing(discovery)
    (search, plugins) = (listing.search, listing.plugins)
    modelFiles = try ModelListing(Registry(discovery))
    (devices, communicators) = (Self.devices(discovery), try Self.communicators(discovery))
    libraries = Self.libraries(discovery)
    librariesOfSentry = SharedLibraries.ofThisProgram().map {
      Library(name: $0.name, file: $0.file, version: $0.version)
    }.sorted { $0.name < $1.name }
  }

  private static func threads(_ defaults: [String: JSONValue]) -> Threads {
    let run = RunOptions(output: "")
    let threads = defaults["run.threads"]?.intValue ?? run.threads
    return Threads(
      compute: threads > 0 ? threads : Machine.coreCount, loaders: defaults["run.workers"]?.intValue ?? run.workers)
  }

  private static func devices(_ discovery: Discovery) -> [Devices] {
    Registry(discovery).allEntries.filter { $0.kind != .communicator }.compactMap { entry in
      entry.declaration.availability.map {
        Devices(
          kind: entry.kind.rawValue, name: entry.declaration.name, plugin: entry.plugin.name, devices: $0.devices,
          reason: $0.reason, reasonOnCPU: $0.reasonOnCPU)
      }
    }
  }

  private static func communicators(_ discovery: Discovery) throws -> [Communicator] {
    try Registry(discovery).entries(.communicator).map { entry in
      let told = entry.declaration.availability
      return Communicator(
        name: entry.declaration.name, plugin: entry.plugin.name, works: told.map { $0.reasonOnCPU == nil },
        reason: told?.reasonOnCPU,
        library: told?.library.map { Library(name: $0.name, file: $0.file, version: $0.version) },
        launcher: try World.launch(for: entry).map { "\($0.variable)=\($0.count)" })
    }
  }

  private static func libraries(_ discovery: Discovery) -> [Library] {
    var found: [String: Library] = [:]
    for report in discovery.reports {
      let plugin = report.declaration?.name ?? Paths.last(report.file)
      for library in report.declaration?.libraries ?? [] {
        // Two plugins may get different files for one name.
        let key = "\(library.name) \(library.file)"
        let known = found[key]?.plugins ?? []
        found[key] = Library(
          name: library.name, file: library.file, version: library.version, plugins: known + [plugin])
      }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func presentFeatures() throws -> [String: Bool] {
    let text = try SystemFile.text("/proc/cpuinfo") ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") } ?? ""
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init))
    return Dictionary(features.map { ($0, flags.contains($0)) }) { first, _ in first }
  }

  private static func freeDisk() -> Int? {
    var info = statvfs()
    guard statvfs(".", &info) == 0 else { return nil }
    return Int(clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue)
  }
}
