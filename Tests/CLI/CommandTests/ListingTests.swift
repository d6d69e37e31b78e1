import Foundation
import Testing

@Suite struct ListingTests {
  @Test func pluginsAsJSON() throws {
    let sandbox = try Sandbox()
    try Data("text".utf8).write(to: URL(fileURLWithPath: sandbox.root + "/plugins/text.so"))
    let outcome = try sandbox.toys(["plugins", "list", "--json"])
    #expect(outcome.status == 0)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
    let search = try #require(object["search"] as? [[String: Any]])
    #expect(search.first?["path"] as? String == "ROOT/plugins")
    #expect(search.first?["origin"] as? String == "--plugin-dir")
    #expect(search.first?["exists"] as? Bool == true)
    let plugins = try #require(object["plugins"] as? [[String: Any]])
    let toy = try #require(plugins.first { $0["name"] as? String == "test-toy-a" })
    #expect(toy["state"] as? String == "usable")
    #expect(toy["version"] as? String == "1.2.3")
    #expect(toy["border"] as? String == "1.3")
    #expect((toy["sha256"] as? String)?.count == 64)
    #expect((toy["recipes"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["toy", "toy-clash"])
    let text = try #require(plugins.first { ($0["file"] as? String)?.hasSuffix("text.so") == true })
    #expect(text["state"] as? String == "refused")
    #expect((text["reason"] as? String)?.contains("ELF") == true)
  }

  @Test func aComponentAsJSON() throws {
    let outcome = try Sandbox().toys(["plugins", "inspect", "toy-linear", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
    let component = try #require((object["components"] as? [[String: Any]])?.first)
    #expect(component["kind"] as? String == "model")
    let properties = (component["options"] as? [String: Any])?["properties"] as? [String: Any]
    #expect(Set(properties?.keys.map { $0 } ?? []) == ["side", "device", "tasks", "seed"])
  }

  @Test func recipesAsJSON() throws {
    let outcome = try Sandbox().toys(["recipes", "--json"])
    let recipes = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]])
    #expect(recipes.map { $0["name"] as? String } == ["toy", "toy-clash"])
  }

  @Test func verboseTellsWhatIsLoaded() throws {
    let sandbox = try Sandbox()
    #expect(
      try sandbox.toys(["-v", "plugins", "list"]).err.contains("debug: probed ROOT/plugins/libTestPluginToyA.so"))
    // Known by now, and said after the command as well as before it.
    #expect(try sandbox.toys(["plugins", "list", "-v"]).err == "")
    #expect(try sandbox.toys(["plugins", "list", "--probe", "-v"]).err.contains("debug: probed"))
  }
}
