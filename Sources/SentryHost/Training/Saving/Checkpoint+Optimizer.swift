import SentryFormats
import SentryPluginAPI

extension Checkpoint {
  /// The form of `torch.optim.Optimizer.state_dict()`: `state` by the number of a parameter, and groups that hold numbers.
  /// Parameters are numbered as the groups name them, as PyTorch numbers them.
  var optimizer: PickleValue {
    var numbers: [String: Int] = [:]
    func number(_ name: String) -> Int {
      if let known = numbers[name] { return known }
      numbers[name] = numbers.count
      return numbers.count - 1
    }
    let groups = (parameterGroups?.arrayValue ?? [["params": .array(trainable.map(JSONValue.string))]]).map { group in
      var members = group.objectValue ?? [:]
      let names = members.removeValue(forKey: "params")?.arrayValue?.compactMap(\.stringValue) ?? []
      var pickled = PickleDictionary(
        members.sorted { $0.key < $1.key }.map { (.string($0.key), PickleValue($0.value)) })
      pickled.set(.list(names.map { .int(number($0)) }), for: .string("params"))
      return PickleValue.dict(pickled)
    }
    var slots: [Int: PickleDictionary] = [:]
    for (name, tensor) in trainer {
      guard let slash = name.firstIndex(of: "/"), let number = numbers[String(name[name.index(after: slash)...])] else {
        continue
      }
      slots[number, default: [:]].set(.tensor(tensor), for: .string(String(name[..<slash])))
    }
    let state = slots.sorted { $0.key < $1.key }.map { (PickleDictionary.Key.int($0.key), PickleValue.dict($0.value)) }
    return .dict(["state": .dict(PickleDictionary(state)), "param_groups": .list(groups)])
  }
}
