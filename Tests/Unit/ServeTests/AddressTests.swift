import ArgumentParser
import SentryPluginAPI
import Testing

@testable import SentryCLI
@testable import SentryInference
@testable import SentryServe

@Suite struct AddressTests {
  @Test func loopbackNeedsNoToken() throws {
    #expect(try ServingAddress(port: "0").address == "127.0.0.1")
    for address in ["127.0.0.1", "127.3.2.1", "::1", "localhost"] {
      #expect(try ServingAddress(address: address, port: "80").isLoopback)
    }
    for address in ["0.0.0.0", "::", "192.168.1.2", "fe80::1", "::ffff:127.0.0.1"] {
      #expect(try !ServingAddress(address: address, port: "80").isLoopback)
    }
  }

  @Test func urls() throws {
    #expect(try ServingAddress(address: "::1", port: "0").url(port: 7, token: nil) == "http://[::1]:7/")
    let token = Token(text: "abc", cookie: "1")
    let url = try ServingAddress(address: "192.0.2.1", port: "0").url(port: 7, token: token.text)
    #expect(url == "http://192.0.2.1:7/?token=abc")
  }

  @Test(arguments: ["", "abc", "65536", "-1", "٨"]) func noPort(text: String) {
    #expect(throws: PluginError.self) { try ServingAddress(port: text) }
  }

  @Test(arguments: ["", "example.org", "1.2.3", "1.2.3.4:5", "[::1]"]) func noAddress(text: String) {
    #expect(throws: PluginError.self) { try ServingAddress(address: text, port: "0") }
  }

  @Test func theOptions() throws {
    func serve(_ arguments: [String]) throws -> ServingOptions { try ServingOptions.parse(arguments) }
    #expect(try serve([]).serve == nil)
    #expect(try serve(["--serve"]).serve == "8765")
    #expect(try serve(["--serve", "0"]).serve == "0")
    #expect(try serve(["--serve=9000"]).serve == "9000")
    let both = try serve(["--serve", "--bind", "::1"])
    #expect(both.serve == "8765" && both.bind == "::1")
    for wrong in [["--serve", "abc"], ["--serve=abc"], ["--bind", "::1"], ["--serve", "--bind", "there"]] {
      #expect(throws: ValidationError.self) { try serve(wrong).check() }
    }
  }

  @Test func namesOfSources() {
    #expect(SourceName.shown("0") == "0")
    #expect(SourceName.shown("/home/me/talk.mp4") == "talk.mp4")
    #expect(SourceName.shown("rtsp://me:secret@cam.example/a/b?key=secret") == "rtsp://cam.example/a/b")
    #expect(SourceName.shown("http://cam.example/a@b") == "http://cam.example/a@b")
  }
}
