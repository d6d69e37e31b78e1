import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct PluginsNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Begins a plugin: a package of its own with one component that works.",
    discussion: "The package builds against the Sentry that this program belongs to, or against the checkout that the "
      + "environment variable SENTRY_SOURCE names. Its README says how to build, test and use it.")

  @OptionGroup var global: GlobalOptions

  @Argument(help: "What the plugin offers.") var kind: NewComponentKind

  @Argument(help: "The name of the component: lower-case letters, digits and hyphens.") var name: String

  @Option(help: "The language of the plugin.") var language = PluginLanguage.swift

  @Option(
    help: ArgumentHelp("The folder to create; default: NAME in the current folder.", valueName: "dir"),
    completion: .directory)
  var path: String?

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let name = try ComponentName(name)
    let authorFiles = try AuthorFiles.find()
    if let other = Registry(try global.discover()).find(kind.component, name.text) {
      throw PluginError.invalid(
        "there is a \(kind.rawValue) '\(name.text)' already, in \(other.file)",
        hint: "choose another name: of two components of a name only one is used")
    }
    let folder = Paths.withoutEndingSlash(path ?? name.text)
    let package = NewPackage(
      kind: kind, language: language, name: name, authorFiles: authorFiles,
      program: Paths.real("/proc/self/exe") ?? "sentry")
    try package.write(to: Paths.absolute(folder, from: Paths.working))
    Console.result("written: \(folder), a \(kind.rawValue) in \(language.title); README.md says more")
    Console.result("in that folder: \(language.commands.joined(separator: ", then "))")
  }
}
