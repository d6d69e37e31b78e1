import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Finds, fetches, prepares and checks data.",
    subcommands: [DataList.self, DataGet.self, DataPrepare.self, DataCheck.self, DataCreateSession.self],
    defaultSubcommand: DataList.self)

  @OptionGroup var global: GlobalOptions
}
