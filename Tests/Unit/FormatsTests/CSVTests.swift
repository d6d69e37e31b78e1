import Testing

@testable import SentryFormats

@Suite struct CSVTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func rows(_ text: String, longestRow: Int = 1 << 20) throws -> [CSVRow] {
    let csv = try CSVFile(folder.file("a.csv", text), longestRow: longestRow)
    var rows: [CSVRow] = []
    try csv.forEachRow {
      rows.append($0)
      return true
    }
    for row in rows { #expect(try csv.row(at: row.location).strings() == row.strings()) }
    return rows
  }

  private func fields(_ text: String) throws -> [[String]] { try rows(text).map { try $0.strings() } }

  @Test func plainRows() throws {
    let expected = [["a", "b", "c"], ["1", "", "3"], ["", "", ""]]
    #expect(try fields("a,b,c\n1,,3\n,,\n") == expected)
    #expect(try fields("a,b,c\r\n1,,3\r\n,,\r\n") == expected)
    #expect(try fields("\u{FEFF}a,b,c\n\n\r\n1,,3\n,,") == expected)
    #expect(try fields("a") == [["a"]])
    #expect(try fields("\n\n") == [])
  }

  @Test func quotes() throws {
    #expect(try fields("\"a,b\",\"c\"\"d\"\n\"\",e\n") == [["a,b", "c\"d"], ["", "e"]])
    #expect(try fields("\"two\nlines\",\"and\r\nmore\"\r\nx,y\n") == [["two\nlines", "and\r\nmore"], ["x", "y"]])
    #expect(try fields("\"\"\"\"\n\"\"\"\n\"\n") == [["\""], ["\"\n"]])
    #expect(try fields("5\" disk,b\n") == [["5\" disk", "b"]])
  }

  @Test func places() throws {
    let text = "\u{FEFF}h\n\n\"x\ny\"\r\nlast"
    let locations = try rows(text).map(\.location)
    #expect(locations.map(\.line) == [1, 3, 5])
    #expect(locations.map(\.offset) == [3, 6, 13])
    #expect(locations.map(\.length) == [1, 5, 4])
  }

  @Test func otherSeparators() throws {
    let csv = try CSVFile(folder.file("a.tsv", "a,b\tc\n"), separator: "\t")
    try csv.forEachRow {
      let strings = try $0.strings()
      #expect(strings == ["a,b", "c"])
      return true
    }
    for separator: Unicode.Scalar in ["ä", "\"", "\n"] {
      expectError(.invalidValue, naming: "a.tsv") { _ = try CSVFile(folder.file("a.tsv"), separator: separator) }
    }
  }

  @Test func damagedRowsAreNamed() throws {
    func error(_ text: String, _ code: FormatError.Code, _ line: Int) {
      expectError(code, naming: "a.csv: line \(line):") { _ = try rows(text, longestRow: 1000) }
    }
    error("a,b\n1,\"open\n2,3\n", .malformed, 2)
    error("a\n\"open", .malformed, 2)
    error("a\n\"b\"c,d\n", .malformed, 2)
    error("a\n\u{0}\n", .malformed, 2)
    error("a\rb\rc", .malformed, 1)
    error("a\n" + String(repeating: "x", count: 1001) + "\n", .tooLarge, 2)
    error("a\n\"" + String(repeating: "x\n", count: 600), .tooLarge, 2)
    error("a\n" + String(repeating: "x", count: 3 << 20), .tooLarge, 2)
    expectError(.tooLarge, naming: "line 1: the row has more than 1048576 fields") {
      _ = try rows(String(repeating: ",", count: 1 << 20), longestRow: 1 << 21)
    }
    expectError(.unsupported, naming: "UTF-16") {
      _ = try CSVFile(folder.file("a.csv", [0xFF, 0xFE, 0x61, 0]))
    }
    expectError(.truncated) { _ = try CSVFile(folder.file("a.csv", "")) }
    expectError(.cannotOpen, naming: "none.csv") { _ = try CSVFile(folder.file("none.csv")) }
    expectError(.malformed, naming: "not UTF-8") {
      let csv = try CSVFile(folder.file("a.csv", [0x61, 0xFF, 0x0A]))
      try csv.forEachRow {
        _ = try $0.strings(); return true
      }
    }
    expectError(.malformed, naming: "line 1: has 1 fields") { _ = try rows("a\n")[0].string(1) }
  }

  /// A quote that is never closed, over many lines: each byte may be looked at only once.
  @Test func anOpenQuoteTakesLinearTime() throws {
    let text = "\"" + String(repeating: "x\n", count: 3_000_000)
    expectError(.malformed, naming: "never closed") { _ = try rows(text, longestRow: 1 << 30) }
  }

  @Test func rowsAcrossChunks() throws {
    // 2,304 numbers a row as in FER2013, over several chunks of a mebibyte; every third row has quotes.
    let pixels = (0..<2304).map { String($0 % 256) }.joined(separator: " ")
    var text = "emotion,pixels,Usage\n"
    for row in 0..<400 { text += row % 3 == 0 ? "\(row),\"\(pixels)\",\"a\nb\"\n" : "\(row),\(pixels),a\n" }
    let rows = try rows(text)
    #expect(rows.count == 401)
    for (index, row) in rows.dropFirst().enumerated() {
      #expect(try row.string(0) == String(index))
      #expect(try row.withField(1) { $0.elementsEqual(pixels.utf8) })
    }
  }

  @Test func aFileThatChangedIsNoticed() throws {
    let path = try folder.file("a.csv", "a,b\n\"c\",d\n")
    let csv = try CSVFile(path)
    expectError(.truncated) { _ = try csv.row(at: CSVRowLocation(line: 2, offset: 4, length: 100)) }
    expectError(.malformed, naming: "line 2") { _ = try csv.row(at: CSVRowLocation(line: 2, offset: 4, length: 2)) }
  }

  @Test func headers() throws {
    let csv = try CSVFile(folder.file("a.csv", "emotion, Usage ,\tpixels\n1,2,3\n"))
    let header = try #require(try csv.header())
    #expect(header.names == ["emotion", "Usage", "pixels"])
    #expect(try header.require("usage") == 1)
    #expect(header.index(of: "PIXELS") == 2)
    expectError(.malformed, naming: "there are emotion, Usage, pixels") { _ = try header.require("label") }
  }

  @Test func mutationsNeverTrap() throws {
    var generator = SplitMix64(seed: 3)
    let alphabet = Array("a,\"\n\r\u{0} é".utf8)
    for _ in 0..<3000 {
      let length = Int.random(in: 1...40, using: &generator)
      let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      let csv = try CSVFile(folder.file("m.csv", bytes))
      do {
        try csv.forEachRow { row in
          let again = try csv.row(at: row.location)
          #expect(again.count == row.count)
          for field in 0..<row.count {
            #expect(try again.withField(field) { Array($0) } == row.withField(field) { Array($0) })
          }
          return true
        }
      } catch is FormatError {}
    }
  }
}
