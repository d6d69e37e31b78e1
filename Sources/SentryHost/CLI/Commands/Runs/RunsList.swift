import ArgumentParser
import SentryInference
import SentryPluginAPI

struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists runs with their data, progress, metrics and speed.",
    discussion: "Metrics are those of the best epoch, on the validation data.")

  @OptionGroup var options: RunsTableOptions

  func run() throws {
    let search = try RunSearch.told(options.runs)
    if options.runs.json {
      let runs = JSONValue.array(search.runs.map(\.json))
      Console.result(try JSON.text(["runs": runs, "broken": search.brokenJSON] as JSONValue, pretty: true))
    } else if options.csv {
      Console.result(RunTable.csv(search.runs))
    } else if !search.runs.isEmpty {
      Console.result(RunTable.text(search.runs))
    }
    try search.finish()
  }
}

extension RunSearch {
  var brokenJSON: JSONValue {
    .array(broken.map { ["directory": .string($0.directory), "reason": .string($0.reason)] })
  }
}
