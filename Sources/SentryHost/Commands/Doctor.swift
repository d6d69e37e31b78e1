import ArgumentParser
import Glibc
import SentryPluginAPI

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells what this machine offers and what state the plugins are in.",
    discussion:
      "Probes every plugin again. Nothing is mapped into this process: libraries are those that the probes got.")

  @OptionGroup var global: GlobalOptions

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let machine = Machine.current
    let features = try Self.cpuFeatures()
    section(
      "machine",
      [
        ["sentry", Version.sentry], ["system", machine.system], ["processor", machine.cpu],
        ["cores", "\(machine.cores)"], ["memory", Self.gigabytes(machine.memoryBytes)],
        ["free disk here", Self.freeDisk() ?? "unknown"],
      ] + features.map { [$0.name, $0.present ? "yes" : "no"] })

    let discovery = try global.discover(fresh: true)
    Console.result("plugins\n\(discovery.account())\n")
    var users: [String: [String]] = [:]
    for report in discovery.reports {
      for library in report.declaration?.libraries ?? [] {
        users[library.file, default: []].append(report.declaration?.name ?? Paths.last(report.file))
      }
    }
    section(
      "libraries of plugins", users.sorted { $0.key < $1.key }.map { [$0.key, $0.value.joined(separator: ", ")] })
  }

  private func section(_ title: String, _ rows: [[String]]) {
    Console.result("\(title)\n\(rows.isEmpty ? "  none" : Console.table(rows, indent: "  "))\n")
  }

  /// The vector extensions that kernels are written for, as the system tells them.
  private static func cpuFeatures() throws -> [(name: String, present: Bool)] {
    let text = try SystemFile.text("/proc/cpuinfo") ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") } ?? ""
    let flags = Set(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init))
    return ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"].map { ($0, flags.contains($0)) }
  }

  private static func freeDisk() -> String? {
    var info = statvfs()
    guard statvfs(".", &info) == 0 else { return nil }
    return gigabytes(
      Int(clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue))
  }

  private static func gigabytes(_ bytes: Int) -> String {
    let tenths = bytes / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
