import COneDNN
import Synchronization

/// A row-major matrix at an address: `rows` × `columns`, one row every `stride` floats; read as its transpose where said so.
struct Matrix {
  let data: UnsafePointer<Float>
  let stride: Int
  var transposed = false

  init(_ data: UnsafePointer<Float>, stride: Int) { (self.data, self.stride) = (data, stride) }

  var transpose: Matrix {
    var other = self
    other.transposed.toggle()
    return other
  }
}

/// c [rows][columns] = scale · a · b + (adding ? c : 0) through oneDNN's sgemm, on the calling thread alone.
///
/// - Parameter depth: the length of the sums: columns of `a`, rows of `b`, as they are read.
func multiply(
  _ a: Matrix, _ b: Matrix, rows: Int, columns: Int, depth: Int, into c: UnsafeMutablePointer<Float>, stride: Int,
  scale: Float = 1, adding: Bool
) throws {
  guard rows > 0, columns > 0 else { return }
  Engine.useOneThread()
  try productCode.requireRoom(a.transposed, b.transposed, isVector: rows == 1 || columns == 1, adding: adding)
  let (normal, transposed) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
  try check(
    dnnl_sgemm(
      a.transposed ? transposed : normal, b.transposed ? transposed : normal, dnnl_dim_t(rows), dnnl_dim_t(columns),
      dnnl_dim_t(depth), scale, a.data, dnnl_dim_t(a.stride), b.data, dnnl_dim_t(b.stride), adding ? 1 : 0, c,
      dnnl_dim_t(stride)), "a matrix product \(rows)×\(depth)×\(columns)")
}

private let productCode = ProductCode()

/// The kinds of products for which oneDNN has made code in this process; it makes it with the first one of a kind, and writes to no
/// address where there is no memory for it.
struct ProductCode: ~Copyable {
  private let made = Atomic<UInt32>(0)

  /// - Throws: ``NNError`` `.outOfMemory`.
  func requireRoom(
    _ isTransposedA: Bool, _ isTransposedB: Bool, isVector: Bool, adding: Bool,
    isRoom: (Int) -> Bool = AddressSpace.hasRoom
  ) throws {
    let traits = [isTransposedA, isTransposedB, isVector, adding]
    let kind = UInt32(1) << traits.reduce(0) { 2 * $0 + ($1 ? 1 : 0) }
    guard made.load(ordering: .relaxed) & kind == 0 else { return }
    try AddressSpace.requireRoom(for: .product, "a matrix product", isRoom: isRoom)
    made.bitwiseOr(kind, ordering: .relaxed)
  }
}
