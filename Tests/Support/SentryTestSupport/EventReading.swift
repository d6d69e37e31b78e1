import Foundation

/// What TensorBoard's own reader finds in a folder of event files.
public struct EventReading: Decodable, Sendable {
  public struct Point: Decodable, Sendable, Equatable {
    public var step: Int
    public var value: Double
  }
  public struct Picture: Decodable, Sendable, Equatable {
    public var step, width, height: Int
    /// Of the PNG itself.
    public var png: [Int]
  }
  public var scalars: [String: [Point]]
  public var pictures: [String: [Picture]]
  public var texts: [String: [String]]

  private static let script = """
    import json, struct, sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    a = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'images': 0, 'tensors': 0})
    a.Reload()
    tags = a.Tags()
    def size(png):
        assert png[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10]), png[:8]
        return list(struct.unpack('>II', png[16:24]))
    print(json.dumps({
        'scalars': {t: [{'step': e.step, 'value': e.value} for e in a.Scalars(t)] for t in tags['scalars']},
        'pictures': {t: [{'step': e.step, 'width': e.width, 'height': e.height, 'png': size(e.encoded_image_string)}
                         for e in a.Images(t)] for t in tags['images']},
        'texts': {t: [e.tensor_proto.string_val[0].decode() for e in a.Tensors(t)] for t in tags['tensors']},
    }))
    """

  /// Runs in ``PeerPython``, which must be there.
  public init(_ folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: PeerPython.interpreter ?? "/usr/bin/false")
    process.arguments = ["-c", Self.script, folder]
    process.environment = ProcessInfo.processInfo.environment.merging(["TF_CPP_MIN_LOG_LEVEL": "3"]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let out = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    self = try JSONDecoder().decode(EventReading.self, from: out)
  }
}
