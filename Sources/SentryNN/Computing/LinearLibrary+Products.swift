import COpenBLAS

extension LinearLibrary {
  /// c [rows][columns] = a · b + (adding ? c : 0) on the calling thread alone.
  ///
  /// - Parameter depth: the length of the sums: columns of `a`, rows of `b`, as they are read.
  func multiply(
    _ a: Matrix, _ b: Matrix, rows: Int, columns: Int, depth: Int, into c: UnsafeMutablePointer<Float>, stride: Int,
    adding: Bool
  ) throws {
    guard self == .openBLAS else {
      return try SentryNN.multiply(
        a, b, rows: rows, columns: columns, depth: depth, into: c, stride: stride, adding: adding)
    }
    let start: Float = adding ? 1 : 0
    if rows == 1, !a.transposed, b.transposed {
      // A product with one vector: sgemm would copy the matrix first.
      return cblas_sgemv(
        CblasRowMajor, CblasNoTrans, Int32(columns), Int32(depth), 1, b.data, Int32(b.stride), a.data, 1, start, c, 1)
    }
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans, Int32(rows),
      Int32(columns), Int32(depth), 1, a.data, Int32(a.stride), b.data, Int32(b.stride), start, c, Int32(stride))
  }
}
