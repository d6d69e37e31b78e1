/// What an unpickler has built: items that refer to nodes, storages and tensors by number.
///
/// Numbers and not references, because a hostile file can build a cycle or a chain of a million lists, and freeing such
/// a chain of objects would overflow the stack.
struct PickleGraph {
  enum Item {
    case none
    case bool(Bool)
    case int(Int)
    case bigInt([UInt8])
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case global(PickleGlobal)
    case node(Int)
    case storage(Int)
    case tensor(Int)
  }

  struct Node {
    enum Kind { case list, tuple, dict, orderedDict }
    let kind: Kind
    /// Elements; of a dictionary key, value, key, value.
    var items: [Item]
  }

  /// A block of elements that tensors are views of.
  struct Storage {
    let key: String
    /// Nil where only bytes are counted.
    let dtype: DType?
    /// Elements, or bytes where there is no type.
    let count: Int
    /// In files before PyTorch 1.6: the part of the block that is meant, in elements.
    let view: Range<Int>?
  }

  /// A view of a storage, in elements; unchecked numbers from the file.
  struct Tensor {
    let storage: Int
    let dtype: DType
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  var nodes: [Node] = []
  var storages: [Storage] = []
  var tensors: [Tensor] = []

  mutating func add(_ kind: Node.Kind, _ items: [Item] = []) -> Item {
    nodes.append(Node(kind: kind, items: items))
    return .node(nodes.count - 1)
  }

  func node(_ item: Item) -> Node? {
    if case .node(let index) = item { nodes[index] } else { nil }
  }

  /// The elements where `item` is a tuple.
  func tuple(_ item: Item) -> [Item]? {
    node(item).flatMap { $0.kind == .tuple ? $0.items : nil }
  }

  /// The integers where `item` is a tuple or list of at most `limit` integers. No tensor has more axes; a long list, which
  /// costs a file a few bytes to mention again, would be copied at each mention.
  func integers(_ item: Item, limit: Int = 64) -> [Int]? {
    guard let node = node(item), node.kind == .tuple || node.kind == .list, node.items.count <= limit else {
      return nil
    }
    let values = node.items.compactMap { if case .int(let value) = $0 { value } else { nil } }
    return values.count == node.items.count ? values : nil
  }
}
