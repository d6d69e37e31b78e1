/// Makes tensors from views of storages. A contiguous view stays a part of the file; any other is copied in row-major
/// order, up to a limit.
final class TensorAssembly {
  private let storages: [PickleGraph.Storage]
  private let regions: [String: FileRegion]
  private let file: InputFile
  private var copyable: Int
  /// Storages that were needed for copies; together no larger than the file.
  private var loaded: [String: [UInt8]] = [:]

  init(storages: [PickleGraph.Storage], regions: [String: FileRegion], file: InputFile, limits: PyTorchFile.Limits) {
    self.storages = storages
    self.regions = regions
    self.file = file
    copyable = limits.copiedBytes ?? (2 * file.size + 256 << 20)
  }

  /// Throws ``FormatError`` where the view does not lie within its storage.
  func tensor(_ view: PickleGraph.Tensor) throws -> StoredTensor {
    let storage = storages[view.storage]
    let place = "a tensor in storage \(storage.key)"
    guard let region = regions[storage.key] else { throw malformed(place, "has no data") }
    guard let capacity = elements(of: storage, view, region) else {
      throw malformed(place, "has data of the wrong size")
    }
    guard view.shape.count == view.strides.count, view.shape.count <= 64, view.offset >= 0,
      view.strides.allSatisfy({ $0 >= 0 }), let count = StoredTensor.elementCount(view.shape)
    else { throw malformed(place, "has the shape \(view.shape.prefix(64)), which is not valid") }
    if count == 0 { return try StoredTensor(dtype: view.dtype, shape: view.shape, bytes: []) }
    guard let last = lastElement(view), last < capacity.count else {
      throw malformed(place, "of shape \(view.shape) extends beyond its data")
    }
    guard let byteCount = StoredTensor.product(count, view.dtype.size) else { throw tooLarge(place, view) }
    let start = capacity.lowerBound * view.dtype.size + view.offset * view.dtype.size
    if isContiguous(view) {
      let part = region.slice(start, count: byteCount)
      return try StoredTensor(dtype: view.dtype, shape: view.shape, contents: .file(part), byteCount: byteCount)
    }
    guard byteCount <= copyable else { throw tooLarge(place, view) }
    copyable -= byteCount
    let source = try loaded[storage.key] ?? region.load()
    loaded[storage.key] = source
    return try StoredTensor(
      dtype: view.dtype, shape: view.shape, bytes: gather(view, from: source, at: start, byteCount: byteCount))
  }

  /// The elements that the view may refer to, or nil where the data are not as long as the storage is said to be.
  private func elements(
    of storage: PickleGraph.Storage, _ view: PickleGraph.Tensor, _ region: FileRegion
  ) -> Range<Int>? {
    guard let size = StoredTensor.product(storage.count, storage.dtype?.size ?? 1), size == region.count else {
      return nil
    }
    guard let part = storage.view else { return 0..<region.count / view.dtype.size }
    // A part is counted in the storage's elements, and a tensor that names its own type may have larger ones.
    return storage.dtype?.size == view.dtype.size ? part : nil
  }

  /// Offset of the furthest element; nil where it does not fit an Int.
  private func lastElement(_ view: PickleGraph.Tensor) -> Int? {
    var last = view.offset
    for (extent, stride) in zip(view.shape, view.strides) {
      guard let reach = StoredTensor.product(extent - 1, stride) else { return nil }
      let (sum, overflow) = last.addingReportingOverflow(reach)
      if overflow { return nil }
      last = sum
    }
    return last
  }

  private func isContiguous(_ view: PickleGraph.Tensor) -> Bool {
    var expected = 1
    for (extent, stride) in zip(view.shape, view.strides).reversed() where extent != 1 {
      if stride != expected { return false }
      expected *= extent
    }
    return true
  }

  /// Copies element by element, the last index fastest. The caller has checked the bounds.
  private func gather(
    _ view: PickleGraph.Tensor, from source: [UInt8], at start: Int, byteCount: Int
  ) -> [UInt8] {
    let size = view.dtype.size
    let rank = view.shape.count
    // In bytes. Of an extent of 1 the stride means nothing and may be any number.
    let strides = zip(view.shape, view.strides).map { $0 == 1 ? 0 : $1 * size }
    let inner = view.shape[rank - 1]
    let innerStride = strides[rank - 1]
    return [UInt8](unsafeUninitializedCapacity: byteCount) { target, initialised in
      source.withUnsafeBytes { source in
        var index = [Int](repeating: 0, count: rank)
        var row = start
        var done = 0
        while done < byteCount {
          for element in 0..<inner {
            for byte in 0..<size { target[done + byte] = source[row + element * innerStride + byte] }
            done += size
          }
          var axis = rank - 2
          while axis >= 0 {
            index[axis] += 1
            row += strides[axis]
            if index[axis] < view.shape[axis] { break }
            row -= view.shape[axis] * strides[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
      initialised = byteCount
    }
  }

  private func malformed(_ place: String, _ detail: String) -> FormatError {
    FormatError(
      .malformed, file: file.path, place: place, detail, hint: "the file is damaged: fetch or save it again")
  }

  private func tooLarge(_ place: String, _ view: PickleGraph.Tensor) -> FormatError {
    FormatError(
      .tooLarge, file: file.path, place: place,
      "of shape \(view.shape) and strides \(view.strides) claims more memory than a file of \(file.size) bytes may",
      hint: "in Python: save tensor.contiguous() if the file is to be trusted")
  }
}
