import Foundation
import SentryFormats
import SentryPluginAPI
import Testing

@testable import TemplateKindTemplateName

@Suite final class TemplateNamePreparerTests {
  private let preparer = TemplateNamePreparer(options: .init(task: "size"))
  private let folder = NSTemporaryDirectory() + "template-name-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func prepare(_ text: String) throws -> PreparationReport {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/raw.csv"))
    return try preparer.prepare("\(folder)/raw.csv", to: "\(folder)/out")
  }

  @Test func writesAVectorForEachRow() throws {
    let report = try prepare("a,small,1,2\nb,large,3,4\n")
    #expect(report.samples == ["all": 2])
    #expect(try NPYFile.shape(of: "\(folder)/out/b.npy") == [2])
  }

  @Test(arguments: [
    "", "a,small,1\n", "a,small,1\nb,large,x\n", "a,s,1\na,l,2\n", "a,s,1\nb,l,1,2\n", "../a,s,1\nb,l,2\n",
  ])
  func refusesWhatIsWrongAndWritesNothing(text: String) {
    #expect(throws: PluginError.self) { try prepare(text) }
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
  }
}
