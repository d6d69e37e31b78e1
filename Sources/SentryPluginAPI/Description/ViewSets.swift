/// What an augmenter says of the views that it offers.
package struct ViewSets: ComponentDescription {
  var sets: [ViewSet]?

  package static let title = "the augmenter's description of its views"

  package func check() throws {
    let sets = sets ?? []
    for set in sets {
      guard set.hasPlainName, (2...256).contains(set.count), sets.count(where: { $0.name == set.name }) == 1 else {
        throw PluginError(
          "the augmenter describes a set '\(set.name)' of \(set.count) views",
          hint: "names are lower-case letters, digits and '-', each once; counts are 2 to 256")
      }
    }
  }
}

extension ViewSet {
  fileprivate var hasPlainName: Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-")
      }
  }
}
