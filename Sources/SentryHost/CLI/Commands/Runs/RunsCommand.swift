import ArgumentParser
import SentryInference

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Lists, shows and compares runs.",
    subcommands: [RunsList.self, RunsShow.self, RunsCompare.self], defaultSubcommand: RunsList.self)
}

/// What every command about runs takes.
struct RunsOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Run directories, or folders that contain run directories (default: models).", valueName: "dir"),
    completion: .directory)
  var folders: [String] = []

  @Flag(help: "Print JSON.") var json = false
}

/// What commands take that print a table.
struct RunsTableOptions: ParsableArguments {
  @OptionGroup var runs: RunsOptions
  @Flag(help: "Print CSV.") var csv = false

  func validate() throws {
    if csv, runs.json { throw ValidationError("--json and --csv exclude each other") }
  }
}

extension RunSearch {
  /// Where runs are looked for if nobody names a folder.
  static let usualFolders = ["models"]

  /// The runs in the folders that were named. Says what is no whole run.
  static func told(_ options: RunsOptions) throws -> RunSearch {
    let search = try RunSearch(options.folders.isEmpty ? usualFolders : options.folders)
    for broken in search.broken { Console.error("note: \(broken.directory): \(broken.reason)\n") }
    return search
  }

  /// Ends with a failure where a directory that the user named is no run.
  func finish() throws {
    if broken.contains(where: \.named) { throw ExitCode(Failure.failed) }
  }
}
