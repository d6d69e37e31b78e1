import ArgumentParser
import SentryInference
import SentryPluginAPI
import SentryRuntime

struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a run: settings, data, every epoch, sessions.")

  @OptionGroup var options: RunsOptions

  func run() throws {
    let search = try RunSearch.told(options)
    if options.json {
      let runs = try search.runs.map { run -> JSONValue in
        var members = run.json.objectValue ?? [:]
        members["record"] = try JSON.decode(from: JSON.text(run.record), what: "record")
        members["history"] = try JSON.decode(from: JSON.text(run.history), what: "history")
        members["timing"] = try JSON.decode(from: JSON.text(run.timing), what: "timing")
        return .object(members)
      }
      Console.result(try JSON.text(["runs": .array(runs), "broken": search.brokenJSON] as JSONValue, pretty: true))
    } else if !search.runs.isEmpty {
      Console.result(search.runs.map(\.description).joined(separator: "\n\n"))
    }
    try search.finish()
  }
}

extension RunSummary {
  fileprivate var description: String {
    var rows = [["run", directory]]
    rows += RunTable.facts([self]).map { [$0.name, $0.values[0]] }
    rows.append([
      "samples", "\(record.data.train.samples) training, \(record.data.validation.samples) validation",
    ])
    if let data = plan.run.data { rows.append(["read from", data]) }
    rows.append(["command", record.command.joined(separator: " ")])
    for component in plan.components {
      rows.append([component.kind, component.choice.title])
    }
    var text = TextTable.text(rows)
    for session in record.sessions {
      text += "\nsession \(session.started) to \(session.ended ?? "?"): \(session.outcome ?? state.rawValue)"
    }
    if !record.skipped.isEmpty {
      text += "\nskipped as unreadable: \(NumberText.counted(record.skipped.count, "sample"))"
    }
    return epochsDone > 0 ? text + "\n" + epochs : text
  }

  private var epochs: String {
    let names = history.columns.keys.sorted()
    let rows = history.epochs.enumerated().map { index, epoch -> [String] in
      let place = timing.epoch.lastIndex(of: epoch)
      let values = names.map { name in
        (history.columns[name]?[index]).map { name == "lr" ? NumberText.scientific($0, 2) : NumberText.fixed($0, 4) }
          ?? "–"
      }
      return ["\(epoch)\(epoch == bestEpoch ? " best" : "")"] + values + [
        place.map { NumberText.fixed(timing.seconds[$0], 1) } ?? "–",
        place.map { NumberText.fixed(timing.imagesPerSecond[$0], 1) } ?? "–",
      ]
    }
    return TextTable.text([["epoch"] + names + ["seconds", "samples/s"]] + rows)
  }
}
