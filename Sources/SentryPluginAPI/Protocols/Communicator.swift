/// Connects the processes of one run, each of which has a rank. The host never makes two calls at once, but for ``abort(status:)``.
///
/// Each operation is started, tested until it is done, and done once; until then its memory belongs to the communicator. All
/// ranks start the same operations in the same order.
public protocol Communicator: Sendable {
  var specification: CommunicatorSpecification { get }

  /// Starts to sum a tensor of every rank in place: float32 or float64. The order of the sum depends only on ranks, size and type,
  /// and every rank gets the same bytes.
  ///
  /// - Returns: the operation, for ``isDone(_:)``.
  func startSum(_ tensor: Tensor) throws -> UInt64
  /// Starts to give the bytes of rank `root` to every rank.
  func startBroadcast(_ bytes: UnsafeMutableRawBufferPointer, root: Int) throws -> UInt64
  /// Starts to give the bytes of all ranks to every rank, in the order of the ranks.
  /// - Parameter all: as many times the length of `bytes` as there are ranks.
  func startGather(_ bytes: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) throws -> UInt64
  /// Starts an operation that is done once every rank has started it.
  func startBarrier() throws -> UInt64
  /// Moves on what is under way, without waiting. True once the operation has ended, and its number with it.
  func isDone(_ operation: UInt64) throws -> Bool
  /// The ranks that have not started the operation, or do not answer. May take about two seconds.
  func absent(from operation: UInt64) throws -> [Int]
  /// Ends all ranks at once, this process among them.
  func abort(status: Int32)
  /// Ends the connection, together with all ranks. Not after ``abort(status:)``.
  func end()
}

public struct CommunicatorSpecification: Codable, Sendable, Equatable {
  /// The library that connects the processes, with its version.
  public var engine: String
  public var rank: Int
  public var size: Int
  /// Rank and number among the processes of this machine.
  public var localRank: Int
  public var localSize: Int
  /// The name of this machine.
  public var host: String

  enum CodingKeys: String, CodingKey {
    case engine, rank, size, host
    case localRank = "local_rank"
    case localSize = "local_size"
  }

  public init(engine: String, rank: Int, size: Int, localRank: Int, localSize: Int, host: String) {
    (self.engine, self.rank, self.size) = (engine, rank, size)
    (self.localRank, self.localSize, self.host) = (localRank, localSize, host)
  }
}
