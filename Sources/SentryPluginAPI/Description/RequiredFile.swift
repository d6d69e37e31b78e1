/// A file that a component computes with and that is not part of its plugin, for example trained weights that others publish.
///
/// Users install it once with `sentry models get GROUP`. An option of the component, ``OptionDeclaration/file(_:_:_:)``, then
/// receives its path.
public struct RequiredFile: Codable, Sendable, Equatable {
  /// A published package that holds the file.
  public struct Package: Codable, Sendable, Equatable {
    /// Where the package is published; this host downloads from `pypi`.
    public var index: String
    public var name, version: String
    /// The path of the file in the package.
    public var member: String

    public init(index: String, name: String, version: String, member: String) {
      (self.index, self.name, self.version, self.member) = (index, name, version, member)
    }

    /// A package of the Python Package Index. The file is taken out of its wheel; no Python is needed.
    public static func pypi(_ name: String, _ version: String, member: String) -> Package {
      Package(index: "pypi", name: name, version: version, member: member)
    }
  }

  /// The name of the file, without folders.
  public var name: String
  /// SHA-256 of the content, in hexadecimal.
  public var sha256: String
  public var bytes: Int
  /// What users type to install it: lower case letters, digits and hyphens. Files that are used together share a group.
  public var group: String
  /// nil: users can only install a file that they have (`sentry models get GROUP --from FILE`).
  public var package: Package?
  public var licence: String?

  public init(
    _ name: String, sha256: String, bytes: Int, group: String, package: Package? = nil, licence: String? = nil
  ) {
    (self.name, self.sha256, self.bytes, self.group) = (name, sha256, bytes, group)
    (self.package, self.licence) = (package, licence)
  }
}

extension RequiredFile {
  /// As it stands in a schema, under `x-sentry-file`.
  var schema: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(name), "sha256": .string(sha256), "bytes": .integer(bytes), "group": .string(group),
    ]
    members["licence"] = licence.map(JSONValue.string)
    members["package"] = package.map {
      [
        "index": .string($0.index), "name": .string($0.name), "version": .string($0.version),
        "member": .string($0.member),
      ]
    }
    return .object(members)
  }
}
