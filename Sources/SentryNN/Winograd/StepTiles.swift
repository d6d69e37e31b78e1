/// The steps of a batch of sequences as tiles of four, `dilation` steps apart; a row is one sequence's tile.
struct StepTiles {
  /// Rows that pass through the products at a time.
  private static let most = 48
  let steps: Int
  let batch: Int
  let dilation: Int

  init(_ map: SequenceMap, dilation: Int) { (steps, batch, self.dilation) = (map.steps, map.batch, dilation) }

  /// Tiles of one sequence: those of the steps r, r + d, r + 2d, ... for each r below d.
  private var count: Int { (0..<min(dilation, steps)).reduce(0) { $0 + tiles(of: $1) } }

  private func tiles(of first: Int) -> Int { ((steps - first + dilation - 1) / dilation + 3) / 4 }

  var rows: Int { count * batch }

  /// Whether they take fewer products, with enough rows that reading the weights, twice as many, does not show.
  var areWorthwhile: Bool { 6 * WinogradConv1d.points * count <= 5 * 3 * steps && rows >= 12 }

  /// Neighbouring sequences' tiles of the same steps.
  struct Piece {
    /// Of the tiles' rows, and how many.
    let row: Int
    let count: Int
    /// The tile's first step and its first sequence.
    let step: Int
    let first: Int
  }

  func pieces(of rows: Range<Int>) -> [Piece] {
    var (pieces, row, start) = ([Piece](), 0, 0)
    for residue in 0..<min(dilation, steps) {
      for tile in 0..<tiles(of: residue) {
        start = row
        row += batch
        let (low, high) = (max(start, rows.lowerBound), min(row, rows.upperBound))
        guard low < high else { continue }
        pieces.append(
          Piece(row: low, count: high - low, step: residue + 4 * dilation * tile, first: low - start))
      }
    }
    return pieces
  }

  func parts(of rows: Range<Int>) -> [Range<Int>] {
    let parts = (rows.count + Self.most - 1) / Self.most
    return (0..<parts).map {
      rows.lowerBound + rows.count * $0 / parts..<rows.lowerBound + rows.count * ($0 + 1) / parts
    }
  }

  /// Of a tile's four outputs, those within the sequence.
  func validOutputs(_ piece: Piece) -> Int { min(4, (steps - piece.step + dilation - 1) / dilation) }

  /// Of its six inputs; the first may be the margin before the sequence, which is zeros.
  func validInputs(_ piece: Piece) -> Int { min(6, validOutputs(piece) + 1 + (pastEnd(piece) ? 0 : 1)) }

  /// Whether the input behind the last output lies past the sequence.
  private func pastEnd(_ piece: Piece) -> Bool { piece.step + validOutputs(piece) * dilation >= steps }
}
