import Glibc

/// Of this machine: what claims to be larger is not believed.
package enum PhysicalMemory {
  package static let bytes = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))

  /// The bytes of so many elements; nil where that is no number, below zero, or more than there is memory.
  package static func bytes(of extents: [Int], each size: Int) -> Int? {
    guard extents.allSatisfy({ $0 >= 0 }) else { return nil }
    var bytes = size
    // One that is zero makes all others plausible.
    if extents.contains(0) { return 0 }
    for extent in extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= PhysicalMemory.bytes else { return nil }
      bytes = product
    }
    return bytes
  }
}
