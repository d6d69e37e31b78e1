import Glibc
import SentryFormats
import SentryPluginAPI

/// Rows `name,class,number,number,…` of a CSV file to what the dataset `features` reads: a vector in a .npy file for each row, and their
/// labels.
struct TemplateNamePreparer: Preparer {
  struct Options: Decodable {
    var task: String
  }
  let options: Options

  /// What `sentry data list` shows, and `sentry data get` fetches.
  let entry = CatalogEntry(
    key: "template-name", title: "TemplateName", summary: "Rows of numbers with a class each.", access: .manual,
    steps: ["Put the CSV file into {folder}: name,class,number,number,…"], bestFor: "a first preparer",
    dataset: "features", prepares: true)

  /// Everything is read before anything is written, and the folder gets its name when it is complete.
  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    let rows = try Self.rows(of: raw)
    let classes = Set(rows.map(\.label)).sorted()
    guard classes.count > 1 else { throw PluginError.badData("\(raw): all rows have the class '\(classes[0])'") }
    guard access(output, F_OK) != 0 else {
      throw PluginError.invalid("\(output) exists already", hint: "remove it, or choose another --output")
    }
    let unfinished = "\(output).unfinished"
    guard mkdir(unfinished, 0o777) == 0 else {
      throw PluginError("\(unfinished): the folder cannot be made: \(String(cString: strerror(errno)))")
    }
    for row in rows {
      let bytes = row.values.withUnsafeBytes { Array($0) }
      try NPYFile.write(
        try StoredTensor(dtype: .f32, shape: [row.values.count], bytes: bytes), to: "\(unfinished)/\(row.name).npy")
    }
    let labels = rows.map { ["id": JSONValue.string($0.name), options.task: .string($0.label)] }
    try AtomicFile.write(try JSON.text(labels), to: "\(unfinished)/labels.json")
    try AtomicFile.write(
      try JSON.text([ClassificationTask(options.task, classes: classes)]), to: "\(unfinished)/tasks.json")
    guard rename(unfinished, output) == 0 else {
      throw PluginError("\(output): the folder cannot be made: \(String(cString: strerror(errno)))")
    }
    return PreparationReport(
      output: output, samples: ["all": rows.count],
      notes: ["\(classes.count) classes: \(classes.joined(separator: ", "))"])
  }

  private struct Row {
    var name, label: String
    var values: [Float]
  }

  /// Throws an error that names the file and the line.
  private static func rows(of path: String) throws -> [Row] {
    var (rows, names) = ([Row](), Set<String>())
    for (index, line) in try TextFile.read(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      let (fields, place) = (line.split(separator: ",", omittingEmptySubsequences: false), "\(path), line \(index + 1)")
      let values = fields.dropFirst(2).compactMap { Float($0) }
      guard fields.count > 2, values.count == fields.count - 2, values.allSatisfy(\.isFinite) else {
        throw PluginError.badData("\(place): expected name,class,number,…", hint: "correct the line or remove it")
      }
      let (name, width) = (String(fields[0]), rows.first?.values.count ?? values.count)
      // It becomes the name of a file.
      guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }) else {
        throw PluginError.badData("\(place): '\(name)' is no name", hint: "use letters, digits, - and _")
      }
      guard names.insert(name).inserted else { throw PluginError.badData("\(place): '\(name)' is there twice") }
      guard values.count == width else {
        throw PluginError.badData("\(place): \(values.count) numbers; the rows before it have \(width)")
      }
      rows.append(Row(name: name, label: String(fields[1]), values: values))
    }
    guard !rows.isEmpty else { throw PluginError.badData("\(path) has no rows") }
    return rows
  }
}
