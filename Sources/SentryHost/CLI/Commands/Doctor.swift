import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the resources of this machine and the state of the plugins.",
    discussion: """
      Probes every plugin again. No plugin is loaded into this process: the listed libraries are those that the probes \
      loaded, and the versions are taken from the file names. The probes also ask the components for the devices that they work \
      on, and the communicators for their library.
      """)

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let discovery = try global.discover(fresh: true, asksDevices: true)
    let report = try DoctorReport(discovery)
    if json { return Console.result(try JSON.text(report, pretty: true)) }
    section("machine", Self.machine(report))
    section("a run computes with", Self.threads(report))
    section("devices of components; all others compute on the CPU", report.devices.map(Self.device))
    section("communicators", report.communicators.map(Self.communicator))
    Console.result("plugins\n\(discovery.account())\n")
    section("model files in \(report.modelFiles.folder ?? "no folder: HOME is not set")", Self.modelFiles(report))
    section("libraries of plugins", Self.libraries(report))
    section("libraries of sentry itself", report.librariesOfSentry.map { [Self.text($0)] })
  }

  private func section(_ title: String, _ rows: [[String]]) {
    Console.result("\(title)\n\(rows.isEmpty ? "  none" : TextTable.text(rows, indent: "  "))\n")
  }

  private static func machine(_ report: DoctorReport) -> [[String]] {
    let machine = report.machine
    let available = report.availableMemoryBytes.map { ", \(gigabytes($0)) of it available" } ?? ""
    return [
      ["sentry", report.sentry], ["system", machine.system], ["C library", report.cLibrary ?? "unknown"],
      ["processor", machine.cpu], ["cores", "\(machine.cores)"],
      ["memory", gigabytes(machine.memoryBytes) + available],
      ["free disk here", report.freeDiskBytes.map(gigabytes) ?? "unknown"],
    ] + DoctorReport.features.map { [$0, report.cpuFeatures[$0] == true ? "yes" : "no"] }
  }

  private static func threads(_ report: DoctorReport) -> [[String]] {
    func row(_ title: String, _ value: (DoctorReport.Threads) -> Int, _ note: String = "") -> [String] {
      let usual = value(report.threads)
      let others = report.threadsOfRecipes.filter { value($0.value) != usual }.sorted { $0.key < $1.key }
      return [title, "\(usual)\(note)" + others.map { "; \(value($0.value)) for \($0.key)" }.joined()]
    }
    return [
      row("compute threads", \.compute, ", one for each core"), row("loader workers", \.loaders),
      [
        "kernels",
        [report.kernelLevel ?? "none", report.kernelNote].compactMap { $0 }.joined(separator: ": "),
      ],
    ]
  }

  private static func device(_ component: DoctorReport.Devices) -> [String] {
    let devices = component.devices.isEmpty ? "none" : component.devices.joined(separator: ", ")
    let onCPU = component.reasonOnCPU == component.reason ? nil : component.reasonOnCPU
    let words = [devices, component.reason, onCPU.map { "not on the CPU: \($0)" }].compactMap(\.self)
    return ["\(component.kind) \(component.name)", component.plugin, words.joined(separator: "; ")]
  }

  private static func communicator(_ communicator: DoctorReport.Communicator) -> [String] {
    let state =
      communicator.reason ?? communicator.library.map { text($0) }
      ?? (communicator.works == true ? "ready" : "it does not tell whether its library is there")
    return [
      communicator.name, communicator.plugin, state,
      communicator.launcher.map { "started by a launcher: \($0)" } ?? "this process was started by no launcher",
    ]
  }

  private static func modelFiles(_ report: DoctorReport) -> [[String]] {
    let rows = report.modelFiles.files.map { file in
      [
        file.name, file.state + (file.problem.map { ": \($0)" } ?? ""),
        file.components.map(\.title).joined(separator: ", "),
      ]
    }
    return rows + (report.modelFiles.advice.map { [["to install what is missing or damaged", $0]] } ?? [])
  }

  private static func libraries(_ report: DoctorReport) -> [[String]] {
    let all = Set(report.libraries.flatMap { $0.plugins ?? [] })
    return report.libraries.map { library in
      let users = library.plugins ?? []
      return [text(library), all.count > 1 && Set(users) == all ? "all plugins" : users.joined(separator: ", ")]
    }
  }

  private static func text(_ library: DoctorReport.Library) -> String {
    "\(library.name) -> \(library.file)" + (library.version.map { " (\($0))" } ?? "")
  }

  private static func gigabytes(_ bytes: Int) -> String {
    let tenths = bytes / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
