import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct PartitionTests {
  private func options(_ change: (inout RunOptions) -> Void = { _ in }) -> RunOptions {
    var options = RunOptions(output: "")
    change(&options)
    return options
  }

  @Test func theDatasetsOwnValidationIsTaken() throws {
    let partition = try DataPartition(of: PlainDataset(train: [0, 1, 2], validation: [2, 1, 0]), options: options())
    #expect(partition.train.indices == [0, 1, 2])
    #expect(partition.validation.split == .validation)
    #expect(partition.validation.targets == [2, 1, 0])
    #expect(partition.notes.isEmpty)
  }

  @Test func aHoldOutKeepsTheSharesOfClasses() throws {
    let dataset = PlainDataset(train: (0..<1000).map { $0 < 700 ? 0 : $0 < 950 ? 1 : 2 })
    let partition = try DataPartition(of: dataset, options: options())
    #expect(partition.validation.split == .train)
    #expect(partition.validation.counts(ofTask: 0, classes: 3) == [140, 50, 10])
    #expect(Set(partition.train.indices).isDisjoint(with: partition.validation.indices))
    #expect(partition.train.count + partition.validation.count == 1000)
    #expect(partition.notes.first?.contains("200 of 1000 training samples are held out") == true)
    #expect(try DataPartition(of: dataset, options: options()) == partition)
    #expect(try DataPartition(of: dataset, options: options { $0.seed = 1 }) != partition)
    #expect(
      try DataPartition(of: dataset, options: options { $0.seed = 1 }).fingerprint != partition.fingerprint)
  }

  @Test(arguments: [1, 7, 40]) func groupsStayWhole(size: Int) throws {
    // Groups of many sizes, each mostly of one class.
    let groups: [Int?] = (0..<800).map { ($0 / size) % 97 == 5 ? nil : $0 / size }
    let labels = (0..<800).map { ($0 / size) % 3 == 0 && $0 % 5 > 0 ? 0 : $0 % 3 }
    let dataset = PlainDataset(train: labels, groups: groups)
    let partition = try DataPartition(of: dataset, options: options { $0.valFraction = 0.25 })
    let (train, held) = (
      Set(partition.train.indices.compactMap { groups[$0] }),
      Set(partition.validation.indices.compactMap { groups[$0] })
    )
    #expect(train.isDisjoint(with: held))
    #expect(!held.isEmpty)
    #expect(abs(partition.validation.count - 200) <= max(2 * size, 6))
    let (all, some) = (
      PlainDatasetCounts.of(labels), partition.validation.counts(ofTask: 0, classes: 3)
    )
    for (whole, part) in zip(all, some) { #expect(abs(Double(part) - 0.25 * Double(whole)) <= Double(max(size, 2))) }
    #expect(partition.notes.first?.contains("whole groups") == true)
  }

  @Test func theRunSaysOfWhomTheValidationIs() throws {
    // 13 people, 10 samples each.
    let people = PlainDataset(train: (0..<130).map { $0 % 3 }, groups: (0..<130).map { $0 / 10 }, kind: .subjects)
    let partition = try DataPartition(of: people, options: options { $0.valFraction = 0.23 })
    #expect(partition.notes.last == "validation: 3 of 13 subjects, none in training")
    // Splits of the dataset's own, with the same people on both sides.
    let shared = PlainDataset(
      train: [0, 1, 2, 0], validation: [0, 1, 2], groups: [1, 2, 3, 4], kind: .subjects)
    #expect(
      try DataPartition(of: shared, options: options()).notes == [
        "validation: 3 of 4 subjects, 3 of them also in training: the accuracy is too optimistic"
      ])
    let some = PlainDataset(
      train: (0..<40).map { $0 % 3 }, groups: (0..<40).map { $0 < 30 ? $0 / 5 : nil }, kind: .subjects)
    let note = try #require(try DataPartition(of: some, options: options()).notes.last)
    #expect(note.contains("none in training; the subject of ") && note.contains("validation samples is unknown"))
  }

  @Test func recordingsAreNotCalledSubjects() throws {
    func note(_ kind: DatasetSpecification.Groups?) throws -> String? {
      let data = PlainDataset(train: (0..<130).map { $0 % 3 }, groups: (0..<130).map { $0 / 10 }, kind: kind)
      return try DataPartition(of: data, options: options { $0.valFraction = 0.23 }).notes.last
    }
    #expect(
      try note(.recordings)
        == "validation: 3 of 13 recordings, none in training; people are unknown: whether one is on both sides cannot be said"
    )
    #expect(try note(nil) == "validation: 3 of 13 groups (people or recordings), none in training")
  }

  @Test func namesOfFramesAreHeldOutWhole() throws {
    // 8 people, 5 recordings of each, 3 frames.
    let names = (0..<120).map { "x/S\(100 + $0 / 15)_00\($0 / 3 % 5)_000000\(10 + $0 % 3).png" }
    let data = PlainDataset(train: (0..<120).map { $0 / 3 % 3 }, names: [.train: names])
    let partition = try DataPartition(of: data, options: options())
    let people = [partition.train, partition.validation].map { Set($0.indices.map { $0 / 15 }) }
    #expect(people[0].isDisjoint(with: people[1]) && !people[1].isEmpty)
    #expect(partition.notes.first?.contains("whole recordings or people, 8 by their names") == true)
    // Splits of the dataset's own.
    let mixed = PlainDataset(
      train: (0..<80).map { $0 / 3 % 3 }, validation: (80..<120).map { $0 / 3 % 3 },
      names: [.train: Array(names[..<80]), .validation: Array(names[80...])])
    let notes = try DataPartition(of: mixed, options: options()).notes
    #expect(
      notes.contains {
        $0.hasPrefix("10 of 40 validation samples have names like frames of recordings that training has")
      })
  }

  @Test func classesThatValidationLacksAreTold() throws {
    let data = PlainDataset(train: [0, 1, 2, 0, 1, 2], validation: [0, 0])
    #expect(
      try DataPartition(of: data, options: options()).notes.contains(
        "validation has no class 1, class 2 of kind: the best model is chosen by the other 1 class alone"))
  }

  @Test func aLimitKeepsTheSharesAndSparesNoClass() throws {
    let dataset = PlainDataset(
      train: (0..<1000).map { $0 < 900 ? 0 : $0 < 995 ? 1 : 2 }, validation: (0..<200).map { $0 % 3 })
    let partition = try DataPartition(of: dataset, options: options { $0.limit = 100 })
    #expect(partition.train.counts(ofTask: 0, classes: 3) == [89, 10, 1])
    #expect(partition.validation.count == 20)
    #expect(partition.train.indices == partition.train.indices.sorted())
    #expect(partition.notes.first?.contains("100 of 1000 training and 20 of 200") == true)
    let small = try DataPartition(of: dataset, options: options { $0.limit = 3 })
    #expect(small.train.counts(ofTask: 0, classes: 3) == [1, 1, 1])
    #expect(small.validation.count == 1)
    let large = try DataPartition(of: dataset, options: options { $0.limit = .max })
    #expect([large.train.count, large.validation.count] == [1000, 200])
  }

  @Test func whatCannotBeDividedIsRefused() {
    let one = PlainDataset(train: [0, 1, 2])
    #expect(throws: PluginError.self) { try DataPartition(of: one, options: options()) }
    #expect(throws: PluginError.self) { try DataPartition(of: PlainDataset(train: []), options: options()) }
    for share in [0, 1, -1, Double.nan] {
      #expect(throws: PluginError.self) {
        try DataPartition(
          of: PlainDataset(train: [Int?](repeating: 0, count: 50)), options: options { $0.valFraction = share })
      }
    }
    #expect(throws: PluginError.self) {
      try DataPartition(of: PlainDataset(train: [0, 1], validation: [1]), options: options { $0.limit = 0 })
    }
    #expect(throws: PluginError.self) { try DataPartition(of: PlainDataset(train: [9]), options: options()) }
  }
}

private enum PlainDatasetCounts {
  static func of(_ labels: [Int]) -> [Int] { (0..<3).map { label in labels.count { $0 == label } } }
}
