import Dispatch
import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryCLI

/// What a foreign function receives and what becomes of its result, through the whole border.
@Suite struct ForeignCallTests {
  private static let data = ForeignWorkshop.data
  private static let sample = ForeignWorkshop.sample

  @Test func itChangesTrainingSamplesAndNoOthers() throws {
    let augmenter = try ForeignWorkshop().augmenter()
    #expect(augmenter.specification.input == TensorSpecification(.float32, [4, 3], layout: "TF"))
    #expect(augmenter.specification.output == augmenter.specification.input)
    let before = try Self.sample.array(of: Float.self)
    for strength in [AugmentStrength.standard, .strong] {
      let after = try augmenter.apply(Self.sample, strength: strength, seed: 35)
      #expect(after.shape == [4, 3])
      #expect(try after.array(of: Float.self) == before.map { $0 + 4 })
    }
    #expect(try augmenter.apply(Self.sample, strength: .none, seed: 35).array(of: Float.self) == before)
    #expect(try Self.sample.array(of: Float.self) == before, "the host's own copy stays as it is")
  }

  @Test func orAllWhereTheManifestSaysSoButEvaluationWithoutChance() throws {
    let augmenter = try ForeignWorkshop().augmenter(["apply": "always"])
    #expect(try augmenter.apply(Self.sample, strength: .none, seed: 35).array(of: Float.self)[0] == 1)
    #expect(try augmenter.apply(Self.sample, strength: .standard, seed: 35).array(of: Float.self)[0] == 4)
  }

  @Test(arguments: [("T", "F"), (0, 1)] as [(JSONValue, JSONValue)])
  func fromOneArrayIntoAnotherByTheSamplesDimensions(rows: JSONValue, columns: JSONValue) throws {
    let augmenter = try ForeignWorkshop().augmenter([
      "symbol": "reverse",
      "arguments": [
        ["type": "pointer", "is": "input"], ["type": "pointer", "is": "output"],
        ["type": "int32", "is": "dimension", "axis": rows], ["type": "int64", "is": "dimension", "axis": columns],
      ],
    ])
    let after = try augmenter.apply(Self.sample, strength: .standard, seed: 0)
    #expect(try after.array(of: Float.self) == [9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2])
    #expect(try Self.sample.array(of: Float.self)[0] == 0)
  }

  @Test func everyTypeArrives() throws {
    let augmenter = try ForeignWorkshop().augmenter(
      [
        "symbol": "tell", "result": "int32", "failure": "non-zero",
        "options": [
          "count": ["type": "integer", "default": 0], "rate": ["type": "number", "default": 0],
          "on": ["type": "boolean", "default": false],
        ],
        "arguments": [
          ["type": "int32", "is": "constant", "value": -3], ["type": "int64", "is": "option", "option": "count"],
          ["type": "uint64", "is": "seed"], ["type": "float", "is": "option", "option": "rate"],
          ["type": "double", "is": "constant", "value": 0.25], ["type": "pointer", "is": "constant", "value": .null],
          ["type": "int32", "is": "option", "option": "on"], Self.data,
        ],
      ], options: ["count": -5_000_000_000, "rate": 1.5, "on": true])
    let after = try augmenter.apply(Self.sample, strength: .standard, seed: 1 << 40).array(of: Float.self)
    #expect(after == [-3, -5e9, 0x1p40, 1.5, 0.25, 1, 1, 0, 8, 9, 10, 11])
  }

  @Test func aFailureNamesTheFunctionAndItsResult() throws {
    let augmenter = try ForeignWorkshop().augmenter([
      "symbol": "fail", "result": "int32", "failure": "non-zero", "arguments": [Self.data],
    ])
    _ = try augmenter.apply(Self.sample, strength: .standard, seed: 0)
    let error = #expect(throws: PluginError.self) {
      try augmenter.apply(Tensor([4, 3], [Float](repeating: 1, count: 12)), strength: .standard, seed: 0)
    }
    #expect(error?.message == "fail of foreign.so failed on a sample of float32 [4, 3]: it returned -7")
    #expect(error?.hint?.contains("test.augmenter.json declares") == true)
  }

  @Test func oneCallAtATimeUnlessTheManifestAllowsMore() throws {
    let augmenter = try ForeignWorkshop().augmenter([
      "symbol": "alone", "result": "int32", "failure": "non-zero", "arguments": [Self.data],
    ])
    let failures = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 32) { _ in
      do {
        _ = try augmenter.apply(Self.sample, strength: .standard, seed: 0)
      } catch { failures.add(1, ordering: .relaxed) }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
  }

  @Test func samplesThatDoNotFitAreRefused() throws {
    func message(_ samples: JSONValue, _ arguments: JSONValue = [ForeignWorkshop.data]) throws -> String {
      let workshop = try ForeignWorkshop()
      let error = #expect(throws: PluginError.self) {
        try workshop.augmenter(["symbol": "fail", "arguments": arguments], samples: samples)
      }
      return error?.message ?? ""
    }
    #expect(
      try message(["dtype": "uint8", "shape": [16, 16, 1], "layout": "HWC"])
        == "augmenter 'test': samples are uint8 [16, 16, 1] HWC, but 'test' takes float32")
    let height: JSONValue = [Self.data, ["type": "int32", "is": "dimension", "axis": "H"]]
    #expect(
      try message(ForeignWorkshop.samples, height)
        == "augmenter 'test': the function uses axis 'H' of its samples, which are float32 [4, 3] TF")
    let third: JSONValue = [Self.data, ["type": "int32", "is": "dimension", "axis": 2]]
    #expect(try message(ForeignWorkshop.samples, third).contains("axis 2"))
  }

  @Test func anOptionThatTheTypeCannotHoldIsRefused() throws {
    let workshop = try ForeignWorkshop()
    let error = #expect(throws: PluginError.self) {
      try workshop.augmenter(
        [
          "arguments": [
            Self.data, ["type": "int32", "is": "option", "option": "count"], ["type": "uint64", "is": "seed"],
          ], "options": ["count": ["type": "integer", "default": 1]],
        ], options: ["count": 5_000_000_000])
    }
    #expect(error?.message == "augmenter 'test': augmenter.count is 5000000000, which is not a valid int32")
  }

  /// Linear algebra that was never written for Sentry: `void cblas_sscal(int n, float alpha, float *x, int incx)`.
  @Test func aLibraryOfTheSystem() throws {
    let augmenter = try ForeignWorkshop().augmenter(
      [
        "library": "libopenblas.so.0", "symbol": "cblas_sscal",
        "arguments": [
          ["type": "int32", "is": "count"], ["type": "float", "is": "option", "option": "factor"], Self.data,
          ["type": "int32", "is": "constant", "value": 1],
        ], "options": ["factor": ["type": "number", "default": 1]],
      ], options: ["factor": 0.5])
    let after = try augmenter.apply(Self.sample, strength: .standard, seed: 0)
    #expect(try after.array(of: Float.self) == (0..<12).map { Float($0) / 2 })
  }
}
