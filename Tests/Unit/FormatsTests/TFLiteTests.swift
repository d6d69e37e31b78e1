import SentryBase
import SentryTestSupport
import Testing

@testable import SentryFormats

/// Models of TensorFlow Lite; Tests/Fuzz/make_tflite_corpus.py made the files.
@Suite struct TFLiteTests {
  private func path(_ name: String) -> String { fixture("../../../Fuzz/Corpus/tflite/\(name)") }

  @Test func everyOperatorIsRead() throws {
    let model = try TFLiteModel.read(path("every"))
    #expect(model.inputs.map { model.tensors[$0].shape } == [[1, 4, 4, 2]])
    #expect(model.outputs.map { model.tensors[$0].shape } == [[1, 80], [1, 1, 1, 2]])
    let valid = TFLiteWindow(padding: .valid, strideHeight: 1, strideWidth: 1)
    let same = TFLiteWindow(padding: .same, strideHeight: 1, strideWidth: 1)
    let halving = TFLiteWindow(padding: .same, strideHeight: 2, strideWidth: 2)
    // The two kinds of constants' conversions are gone.
    #expect(
      model.operators.map(\.kind) == [
        .pad, .convolution(valid, .relu6), .depthwiseConvolution(same, multiplier: 1, .none), .convolution(same, .none),
        .add(.none), .relu, .prelu, .maxPool(halving, height: 2, width: 2, .none),
        .resizeBilinear(alignCorners: false, halfPixelCenters: true), .add(.relu6), .depthToSpace(block: 2), .reshape,
        .reshape, .concatenation(axis: 1, .none),
        .convolution(TFLiteWindow(padding: .valid, strideHeight: 2, strideWidth: 2), .relu), .logistic,
      ])
    #expect(model.operators[1].place == "operator 2 (CONV_2D)")
    #expect(try TFLiteModel.read(path("no_bias")).operators[0].inputs == [0, 2, nil])
    let pad = try #require(model.operators[0].inputs[1])
    #expect(try model.tensors[pad].constant?.integers() == [0, 0, 1, 1, 1, 1, 0, 0])
    // Half floats, made single ones by a DEQUANTIZE that is gone.
    let weights = try #require(model.operators[1].inputs[1])
    let ramp = (0..<72).map { 0.25 * Float($0 % 7 - 3) }
    #expect(model.tensors[weights].type == .f32)
    #expect(try model.tensors[weights].constant?.floats() == ramp)
  }

  @Test func sparseConstantsAreMadeDense() throws {
    let rows = try TFLiteModel.read(path("every"))
    let weights = try #require(rows.operators[3].inputs[1])
    #expect(
      try rows.tensors[weights].constant?.floats() == [1, 0, 0, 2, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    let blocks = try TFLiteModel.read(path("blocks"))
    let blocked = try #require(blocks.operators[0].inputs[1])
    #expect(
      try blocks.tensors[blocked].constant?.floats() == [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4])
  }

  @Test(arguments: [
    ("truncated", FormatError.Code.truncated, ""), ("short", .truncated, "6 bytes"), ("page", .malformed, "web page"),
    ("outside", .truncated, "model"), ("root_outside", .truncated, "byte 4294967295"),
    ("cycle", .malformed, "operator 0 (ADD): reads t2"),
    ("backwards", .malformed, "cycle"), ("two_makers", .malformed, "operator 1 (ADD): set t2, which is known"),
    ("no_maker", .malformed, "outputs: name t2"), ("input_unknown", .malformed, "[0, 9], but there are 3"),
    ("input_absent", .malformed, "[0, -1]"), ("input_missing", .malformed, "[0]"),
    ("output_unknown", .malformed, "names tensors"), ("no_output", .malformed, "0 outputs"),
    ("no_buffer", .malformed, "tensor 1: t1 is in buffer 7, but there are 2"),
    ("empty_buffer", .malformed, "reads t1 before"), ("far_buffer", .unsupported, "outside the tables"),
    ("wrong_bytes", .malformed, "t1 has 8 bytes"), ("negative_shape", .malformed, "tensor 0: t0 has the shape [1, -2]"),
    ("zero_shape", .malformed, "[0, 2]"), ("huge_shape", .malformed, "[1073741824"),
    ("huge_sum", .tooLarge, "elements"),
    ("deep_shape", .malformed, "t0"), ("text_type", .unsupported, "type 5"),
    ("unknown_code", .unsupported, "number 99"),
    ("code_outside", .malformed, "operator code 3, but there are 1"), ("no_options", .malformed, "lacks its options"),
    ("other_options", .malformed, "lacks its options"), ("other_activation", .unsupported, "activation 4"),
    ("no_stride", .malformed, "operator 3 (DEPTHWISE_CONV_2D): has the option 0"),
    ("two_graphs", .unsupported, "2 graphs"),
    ("no_graph", .unsupported, "0 graphs"), ("version", .unsupported, "version 2"),
    ("dequantize_computed", .unsupported, "only constants"), ("quantised", .unsupported, "quantised"),
    ("sparse_order", .malformed, "[0, 1, 2, 2, 4]"), ("sparse_axis", .malformed, "blocks along [4]"),
    ("sparse_block", .malformed, "do not divide axis 0"), ("sparse_size", .malformed, "1073741824 indices where 2"),
    ("sparse_negative", .malformed, "-2 indices"), ("sparse_segments", .malformed, "3 segments"),
    ("sparse_index", .malformed, "outside 0..<4"),
    ("sparse_type", .malformed, "level 3: has indices of an unknown type"),
    ("sparse_absent", .malformed, "level 3: lacks its indices"), ("shared_lists", .tooLarge, "can hold"),
  ])
  func whatContradictsItselfIsRefused(name: String, code: FormatError.Code, words: String) {
    let error = expectError(code, naming: words) { _ = try TFLiteModel.read(path(name)) }
    #expect(error?.file == path(name))
  }

  /// A file that ends anywhere, or has any one byte changed, is read or refused.
  @Test func everyCutAndEveryChangedByteIsHandled() throws {
    let folder = try TemporaryFolder()
    let good = try contents(path("every"))
    func handle(_ bytes: [UInt8]) throws {
      do { try ReaderExercise.tflite.run(folder.file("m.tflite", bytes), folder: folder.path) } catch is FormatError {}
    }
    for length in 0..<good.count { try handle(Array(good[..<length])) }
    var random = SplitMix64(seed: 1)
    for place in good.indices {
      var bytes = good
      bytes[place] = UInt8.random(in: 0...255, using: &random)
      try handle(bytes)
    }
  }

  @Test(.enabled(if: SharedData.expects("mediapipe"), "shared/data/mediapipe is absent"))
  func theRealModelsAreRead() throws {
    for (name, operators) in [
      ("pose_landmark_full", 140), ("pose_detection", 109), ("face_detection_short_range", 90), ("face_landmark", 97),
    ] {
      let model = try TFLiteModel.read(SharedData.path("mediapipe/\(name).tflite"))
      #expect(model.operators.count == operators, "\(name)")
      for tensor in model.tensors {
        if let constant = tensor.constant { #expect(try constant.floats().count == tensor.shape.reduce(1, *)) }
      }
    }
  }
}
