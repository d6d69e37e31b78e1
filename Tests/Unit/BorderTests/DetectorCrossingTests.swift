import CSentryPlugin
import Testing

@testable import SentryPluginAPI

/// Finds one instance, where the image's first byte says.
private struct FirstByte: Detector {
  var specification = DetectorSpecification(instances: "dot", keypoints: ["a", "b"], edges: [[0, 1]])
  var reported = 2

  func detect(in image: Tensor) throws -> [Instance] {
    let value = try Float(image.array(of: UInt8.self)[0]) / 255
    guard value > 0 else { return [] }
    return [
      Instance(
        box: .init(x: value, y: 0.25, width: 0.5, height: 0.125), score: 0.75, id: 7,
        keypoints: (0..<reported).map { .init(x: value, y: Float($0), z: -1, visibility: 0.5) },
        world: [SIMD3(1, 2, 3), SIMD3(4, 5, 6)])
    ]
  }
}

/// Counts what it was given.
private final class Counting: DetectorSession, FeatureSession {
  private var calls = 0
  func next(_ image: Tensor, at time: Double) throws -> [Instance] {
    calls += 1
    return [Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: Float(time), id: calls)]
  }
  func next(_ keypoints: [Instance.Keypoint], at time: Double) throws -> [Float] {
    calls += 1
    return [Float(calls), keypoints[0].visibility, Float(time)]
  }
}

private struct Tracking: Detector {
  var specification: DetectorSpecification { DetectorSpecification(instances: "dot") }
  func detect(in image: Tensor) throws -> [Instance] { throw PluginError.invalid("no single images") }
  func makeSession() throws -> any DetectorSession { Counting() }
}

private struct Three: FeatureExtractor {
  var specification = FeatureSpecification(names: ["calls", "visibility", "time"], keypoints: ["a"])
  func makeSession() throws -> any FeatureSession { Counting() }
}

@Suite struct DetectorCrossingTests {
  private let image = Tensor([1, 1, 3], [UInt8(51), 0, 0])

  @Test func whatADetectorFindsCrosses() throws {
    let there = try ImportedDetector(adopting: export(FirstByte() as any Detector))
    #expect(there.specification == FirstByte().specification)
    #expect(try there.detect(in: image) == FirstByte().detect(in: image))
    #expect(try there.detect(in: Tensor([1, 1, 3], .uint8)).isEmpty)
    // Without a session of its own, each image is searched alone.
    #expect(try there.makeSession().next(image, at: 0) == FirstByte().detect(in: image))
  }

  @Test func aSessionKeepsItsState() throws {
    let there = try ImportedDetector(adopting: export(Tracking() as any Detector))
    let (one, other) = (try there.makeSession(), try there.makeSession())
    #expect(try one.next(image, at: 0.5)[0].id == 1 && one.next(image, at: 0.75)[0].score == 0.75)
    #expect(try one.next(image, at: 1)[0].id == 3 && other.next(image, at: 1)[0].id == 1)
    let error = #expect(throws: PluginError.self) { try there.detect(in: image) }
    #expect(error?.code == SENTRY_INVALID && error?.message == "no single images")
  }

  @Test func aWrongNumberOfKeypointsIsAnError() throws {
    let there = try ImportedDetector(adopting: export(FirstByte(reported: 1) as any Detector))
    let error = #expect(throws: PluginError.self) { try there.detect(in: image) }
    #expect(error?.message == "an instance has 1 keypoints, the description names 2")
  }

  @Test func featuresCross() throws {
    let there = try ImportedFeatureExtractor(adopting: export(Three() as any FeatureExtractor))
    #expect(there.specification == Three().specification)
    let session = try there.makeSession()
    let point = Instance.Keypoint(x: 0, y: 0, visibility: 0.25)
    #expect(try session.next([point], at: 2) == [1, 0.25, 2])
    #expect(try session.next([point], at: 3) == [2, 0.25, 3])
    let error = #expect(throws: PluginError.self) { try session.next([point, point], at: 4) }
    #expect(error?.message == "keypoints [2, 4], expected [1, 4]")
  }

  @Test func shorterObjectsAreRefused() throws {
    let detector = try export(FirstByte() as any Detector)
    detector.pointee.struct_size = UInt32(SENTRY_DETECTOR_SIZE_1_0) - 1
    #expect(throws: PluginError.self) { try ImportedDetector(adopting: detector) }
    let features = try export(Three() as any FeatureExtractor)
    features.pointee.struct_size = UInt32(SENTRY_FEATURES_SIZE_1_0) - 1
    #expect(throws: PluginError.self) { try ImportedFeatureExtractor(adopting: features) }
  }
}
