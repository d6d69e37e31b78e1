import Glibc
import SentryPluginAPI
import SentryRuntime

/// What every plugin's file does.
enum FileChecks {
  static let all: [PluginCheck] = [
    PluginCheck("file.loads", level: 1, "The file loads with all its symbols, and declares what it offers.") {
      let declaration = try $0.loaded().declaration()
      if declaration.components.isEmpty, declaration.recipes.isEmpty {
        throw Finding.violation("it offers no component and no recipe")
      }
      var names: Set<String> = []
      for component in declaration.components where !names.insert("\(component.kind) \(component.name)").inserted {
        throw Finding.violation("it offers two of \(component.kind) '\(component.name)'")
      }
    },
    PluginCheck("file.no-null-pointers", level: 1, "What must not be null in the plugin and its factories is not.") {
      if let member = try $0.loaded().nullPointer() { throw Finding.violation("\(member) is null") }
    },
    PluginCheck("file.describes-itself", level: 2, "The plugin has a name, a version and a summary of one line.") {
      let plugin = try $0.loaded()
      for (what, text) in [("name", plugin.name), ("version", plugin.version), ("summary", plugin.summary)] {
        if text.allSatisfy(\.isWhitespace) { throw Finding.violation("its \(what) is empty") }
        if text.contains(where: \.isNewline) { throw Finding.violation("its \(what) has several lines") }
      }
    },
    PluginCheck(
      "file.leaves-nothing", level: 2,
      "Loading prints nothing, starts no thread, opens no file for good, and writes none to the working or the temporary folder."
    ) { plugin in try checkTraces(of: { _ = try plugin.loaded().declaration() }) },
    PluginCheck("file.declares-the-same", level: 3, "Another process gets the same declaration.") {
      guard let declared = $0.declared else { throw Finding.skip("the file does not load") }
      // The host keeps what the probe was told.
      guard try CheckedPlugin.digest(of: $0.loaded().declaration()) == declared else {
        throw Finding.violation("what it declares differs from what it declared in another process")
      }
    },
    PluginCheck("file.one-symbol", level: 3, "The file exports its entry and nothing else.") {
      let symbols = try ExportedSymbols.of($0.file).filter { $0 != ExportedSymbols.entry }
      guard let first = symbols.first else { return }
      let others = symbols.count > 1 ? " and \(symbols.count - 1) others" : ""
      throw Finding.violation(
        "it also exports '\(first)'\(others): compile with -fvisibility=hidden, or link with a version script")
    },
    PluginCheck("file.first-host", level: 3, "A host of border 1.0 loads it, or gets an error with a message.") {
      try load($0, by: .first)
    },
    PluginCheck("file.later-host", level: 2, "A host of a later minor version of the border loads it.") {
      try load($0, by: .later)
    },
    PluginCheck("file.load-time", level: 4, "The file loads within 100 ms.") {
      let start = ContinuousClock.now
      _ = try? $0.loaded()
      let time = (ContinuousClock.now - start).milliseconds
      if time > 100 { throw Finding.warning("loading takes \(time) ms, in every command that uses it") }
    },
  ]

  private static func load(_ plugin: CheckedPlugin, by host: LoadedPlugin.OtherHost) throws {
    guard plugin.isAlone else { throw Finding.skip("it needs a process of its own") }
    do {
      _ = try LoadedPlugin.checked(plugin.file, by: host).declaration()
    } catch let error as PluginError {
      if error.isSilent { throw Finding.violation("it declines without a message") }
      if host == .later { throw Finding.violation("it declines: \(error)") }
    }
  }

  private static func checkTraces(of load: () throws -> Void) throws {
    let home = Paths.working
    let own = getenv("TMPDIR").map { String(cString: $0) }
    try TemporaryFolder.with("sentry-check-", in: Paths.temporary) { folder in
      guard chdir(folder) == 0 else { throw PluginError("\(folder): \(Paths.lastError)") }
      setenv("TMPDIR", folder, 1)
      defer {
        _ = chdir(home)
        if let own { setenv("TMPDIR", own, 1) } else { unsetenv("TMPDIR") }
      }
      let output = try CapturedOutput()
      let before = ProcessTraces()
      try output.during(load)
      let written = output.text(last: 200)
      if !written.isEmpty { throw Finding.violation("it prints while it loads: \(written.debugDescription)") }
      if let growth = ProcessTraces().growth(since: before) { throw Finding.violation("after loading, \(growth)") }
      if let name = Paths.names(in: folder)?.first {
        throw Finding.violation("it left the file '\(name)' in the working or the temporary folder")
      }
    }
  }
}
