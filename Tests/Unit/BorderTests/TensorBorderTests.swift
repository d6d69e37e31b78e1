import CSentryPlugin
import Synchronization
import Testing

@testable import SentryPluginAPI

/// The receiver of a tensor checks what it relies on.
@Suite struct TensorBorderTests {
  private func adopting(_ change: (inout sentry_managed_tensor) -> Void) throws -> Tensor {
    let managed = Tensor([2, 3], (0..<6).map(Float.init)).exported()
    change(&managed.pointee)
    return try Tensor(adopting: managed)
  }

  @Test(arguments: DType.allCases) func everyTypeCrosses(_ dtype: DType) throws {
    let tensor = try Tensor(adopting: Tensor([2, 0, 3], dtype).exported())
    #expect(tensor.dtype == dtype && tensor.shape == [2, 0, 3] && tensor.count == 0)
  }

  @Test func valuesAndShapeCross() throws {
    let tensor = try adopting { _ in }
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.array(of: Float.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test func absentStridesMeanRowMajor() throws { #expect(try adopting { $0.tensor.strides = nil }.shape == [2, 3]) }

  @Test func aByteOffsetIsHeeded() throws {
    let tensor = try adopting {
      $0.tensor.byte_offset = 12
      $0.tensor.shape?[0] = 1
    }
    #expect(try tensor.array(of: Float.self) == [3, 4, 5])
  }

  @Test func whatCannotBeTrustedIsRefused() {
    let broken: [(String, (inout sentry_managed_tensor) -> Void)] = [
      ("DLPack 2", { $0.dlpack_major = 2 }),
      ("unknown type", { $0.tensor.dtype.bits = 24 }),
      ("unknown type", { $0.tensor.dtype.lanes = 4 }),
      ("not row-major", { $0.tensor.strides?[0] = 5 }),
      ("impossible shape", { $0.tensor.shape?[0] = -1 }),
      ("impossible shape", { $0.tensor.shape?[1] = Int64.max }),
      ("rank -1", { $0.tensor.ndim = -1 }),
      ("without a shape", { $0.tensor.shape = nil }),
      ("without data", { $0.tensor.data = nil }),
      ("not aligned", { $0.tensor.byte_offset = 2 }),
    ]
    for (message, change) in broken {
      let error = #expect(throws: PluginError.self) { try adopting(change) }
      #expect(error?.message.contains(message) == true, "\(message): \(String(describing: error))")
    }
  }

  @Test func anotherDeviceIsNotRead() throws {
    let tensor = try adopting {
      $0.tensor.device = sentry_device(device_type: SENTRY_DEVICE_CUDA, device_id: 3)
      // Memory that nobody reads here may be laid out in any way.
      $0.tensor.strides?[0] = 1
    }
    #expect(tensor.deviceType == SENTRY_DEVICE_CUDA && tensor.deviceID == 3)
    tensor.withBorderTensor { #expect($0.pointee.device.device_id == 3) }
    #expect(throws: PluginError.self) { try tensor.elements(as: Float.self) }
  }

  @Test func whoeverReceivesItFreesIt() throws {
    final class Owner: Sendable {
      static let alive = Atomic(0)
      init() { Self.alive.wrappingAdd(1, ordering: .relaxed) }
      deinit { Self.alive.wrappingSubtract(1, ordering: .relaxed) }
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 16)
    defer { memory.deallocate() }
    do {
      let arrived = try Tensor(adopting: Tensor([4], over: memory, owner: Owner()).exported())
      #expect(arrived.data == memory && Owner.alive.load(ordering: .relaxed) == 1)
    }
    #expect(Owner.alive.load(ordering: .relaxed) == 0)
    // Refused, and freed all the same.
    let managed = Tensor([4], over: memory, owner: Owner()).exported()
    managed.pointee.tensor.ndim = 99
    #expect(throws: PluginError.self) { try Tensor(adopting: managed) }
    #expect(Owner.alive.load(ordering: .relaxed) == 0)
  }
}
