import SentryPluginAPI
import Testing
@testable import SentryInference
@testable import SentryRuntime

@Suite struct DeviceTests {
  @Test(arguments: ["auto", "cpu", "cuda", "cuda:0", "cuda:15"]) func names(name: String) throws {
    #expect(try Device(name).name == name)
  }

  @Test(arguments: ["", "gpu", "CUDA", "cuda:", "cuda:x", "cuda:-1", "cuda:1234", "cuda:0 ", "cpu:0", "auto\ncpu"])
  func otherNames(name: String) {
    let error = #expect(throws: PluginError.self) { try Device(name) }
    #expect(error?.hint == "give auto, cpu, cuda or cuda:N")
  }

  @Test func whatExcludesTheCPU() throws {
    #expect(!Device.auto.excludesCPU && !Device.cpu.excludesCPU)
    #expect(try Device("cuda").excludesCPU && Device("cuda:3").excludesCPU)
  }

  @Test func inTheOptionsOfARun() throws {
    #expect(RunOptions(output: "x").values["device"] == "auto")
    let options = try RunOptions(["output": "x", "device": "cuda:1"])
    #expect(options.device.name == "cuda:1")
    // A run may go on elsewhere.
    #expect(options.differences(from: RunOptions(output: "x")) == [])
    let error = #expect(throws: PluginError.self) { try RunOptions(["output": "x", "device": "gpu"]) }
    #expect(error?.message.contains("run.device") == true)
    // A record from before the option.
    #expect(try RunOptions(["output": "x"]).device == .auto)
  }

  /// A string called device is the host's, whether or not the schema says so; another type is the component's own.
  @Test func theOptionIsTheHosts() throws {
    let stated: JSONValue = ["properties": ["device": ["type": "string", "default": "auto"]]]
    #expect(try OptionSchema(stated, what: "a schema").properties["device"]?.isHostFilled == true)
    #expect(try OptionSchema(stated, what: "a schema").settable.isEmpty)
    let number: JSONValue = ["properties": ["device": ["type": "integer"]]]
    #expect(try OptionSchema(number, what: "a schema").properties["device"]?.isHostFilled == false)
  }

  @Test func placesInWords() {
    #expect(ModelPlace().title == nil && ModelPlace().isCPU && ModelPlace().members.isEmpty)
    #expect(ModelPlace(device: "cpu", precision: "f32").isCPU)
    let place = ModelPlace(device: "cuda:0 NVIDIA H100", precision: "tf32")
    #expect(!place.isCPU && place.title == "cuda:0 NVIDIA H100, tf32")
    #expect(place.members == ["device": "cuda:0 NVIDIA H100", "precision": "tf32"])
  }

  @Test func optionsOfTheModelAreTakenOutOfTheSettings() throws {
    var settings = ["dataset.count=3", "model.precision=f32", "detector.x=1"]
    let use = try ModelUse(component: nil, takingFrom: &settings)
    #expect(settings == ["dataset.count=3", "detector.x=1"] && !use.isAsTrained)
    var none: [String] = []
    #expect(try ModelUse(component: nil, takingFrom: &none).isAsTrained)
    var wrong = ["model.precision"]
    #expect(throws: PluginError.self) { try ModelUse(component: nil, takingFrom: &wrong) }
  }
}
