import SentryFormats

/// The kinds of files that Sentry reads, by their first bytes.
enum FileKind {
  case pytorch, safetensors, npy, onnx

  /// - Throws: ``FormatError`` where the file cannot be opened, or is of none of them.
  init(_ path: String) throws {
    let start = try WholeFile.start(of: path, count: 16)
    if start.starts(with: Array("PK".utf8)) || start.starts(with: [0x80, 0x02]) {
      self = .pytorch
    } else if start.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if SafetensorsFile.recognises(path) {
      self = .safetensors
    } else if start.first == 0x08 {
      // ir_version, the first field of every ONNX file.
      self = .onnx
    } else {
      throw FormatError(
        .unsupported, file: path, start.isEmpty ? "is empty" : "is none of .pth, safetensors, .npy and .onnx",
        hint: "check the path; a failed download often leaves a web page")
    }
  }
}
