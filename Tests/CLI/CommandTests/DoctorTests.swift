import Foundation
import Testing

@Suite struct DoctorTests {
  @Test func itTellsMachineThreadsPluginsAndLibraries() throws {
    let outcome = try Sandbox().toys(["doctor"])
    #expect(outcome.status == 0)
    for piece in [
      "avx2", "avx512f", "avx512_bf16", "cores", "GB of it available", "free disk here", "C library       glibc 2.",
      "libTestPluginToyA.so: usable", "ROOT/plugins (--plugin-dir)", "libc.so.6 -> /",
      // The recipes of toy A load on the main thread.
      "loader workers   4; 0 for toy",
    ] { #expect(outcome.out.contains(piece), "'\(piece)' in:\n\(outcome.out)") }
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    #expect(outcome.out.contains("compute threads  \(cores), one for each core"))
  }

  @Test func itTellsTheVersionsThatFilesNamesTell() throws {
    let outcome = try Sandbox(plugins: ["ClassifierHeads", "AugmentFace"]).toys(["doctor"])
    #expect(outcome.status == 0)
    let lines = outcome.out.split(separator: "\n")
    for (library, version, user) in [
      ("libdnnl.so.2", #/\(2\.[0-9.]+\)/#, "classifier-heads"),
      ("libopenblas.so.0", #/\(0\.[0-9.]+\)/#, "classifier-heads"),
      ("libopencv_core.so", #/\(4\.[0-9.]+\)/#, "augment-face"),
      ("libstdc++.so.6", #/\(6\.0\.[0-9]+\)/#, "augment-face"),
    ] {
      let line = try #require(lines.first { $0.contains("  \(library)") && $0.contains(" -> /") }, "\(library)")
      #expect(line.contains(version) && line.hasSuffix("  \(user)"), "\(line)")
    }
    let shared = try #require(lines.first { $0.contains("  libc.so.6 -> /") })
    #expect(shared.hasSuffix("  all plugins") && !shared.contains("("), "an interface is no version: \(shared)")
    let own = try #require(outcome.out.split(separator: "libraries of sentry itself\n").last)
    #expect(own.contains("libz.so.1 -> /") && !own.contains("dnnl"))
  }

  @Test func asJSON() throws {
    let outcome = try Sandbox().toys(["doctor", "--json"])
    #expect(outcome.status == 0)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any])
    #expect(object["threads"] as? [String: Int] == ["compute": sysconf(Int32(_SC_NPROCESSORS_ONLN)), "loaders": 4])
    #expect((object["threads_of_recipes"] as? [String: [String: Int]])?["toy"]?["loaders"] == 0)
    #expect((object["cpu_features"] as? [String: Bool])?.count == 6)
    #expect((object["machine"] as? [String: Any])?["memory_bytes"] is Int)
    let plugins = try #require(object["plugins"] as? [[String: Any]])
    #expect(plugins.contains { $0["name"] as? String == "test-toy-a" && $0["state"] as? String == "usable" })
    let libraries = try #require(object["libraries"] as? [[String: Any]])
    let c = try #require(libraries.first { $0["name"] as? String == "libc.so.6" })
    #expect((c["plugins"] as? [String])?.contains("test-toy-a") == true)
    #expect(object["libraries_of_sentry"] is [[String: Any]])
  }

  /// The level is that of the kernels' own choice: what SENTRY_CPU may ask for, and what it may not.
  @Test func kernelsAreThoseThatTheEnvironmentAsksFor() throws {
    let sandbox = try Sandbox()
    func kernels(_ asked: String) throws -> String {
      let outcome = try sandbox.run(
        ["--plugin-dir", "\(sandbox.root)/plugins", "doctor"], environment: ["SENTRY_CPU": asked])
      let line = outcome.out.split(separator: "\n").first { $0.hasPrefix("  kernels ") }
      return try String(#require(line).dropFirst(10).drop { $0 == " " })
    }
    #expect(try ["avx2", "avx512", "avx512bf16"].contains(kernels("")))
    #expect(try kernels("avx2").hasPrefix("avx2: set by SENTRY_CPU; this CPU supports avx"))
    #expect(try kernels("sse9").hasPrefix("none: SENTRY_CPU=sse9 is refused; this CPU has avx2"))
  }
}
