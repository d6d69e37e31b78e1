import Dispatch
import FlyingFox
import FlyingSocks
import Glibc
import SentryInference
import SentryPluginAPI
import Synchronization

/// A web server beside the loop of frames.
package final class LiveServer: LiveServing {
  /// What to open in a browser; with the token, if there is one.
  package let url: String
  let channel = FrameChannel()
  private let server: HTTPServer

  /// Listens when it returns. Addresses that others reach get a token.
  /// - Parameter patience: seconds for finding the answer to a request, after which it is 500. Waiting for a thread counts.
  /// - Throws: ``PluginError`` for a port in use, an address of another machine and the like.
  package init(_ address: ServingAddress, patience: Double = 15) throws {
    let token = address.isLoopback ? nil : Token()
    let handler = LiveHandler(admission: Admission(token: token, names: address.names), channel: channel)
    let server =
      switch address.family {
      case .ip4:
        HTTPServer(
          address: try sockaddr_in.inet(ip4: address.address, port: address.port), timeout: patience, logger: .disabled,
          handler: handler)
      case .ip6:
        HTTPServer(
          address: try sockaddr_in6.inet6(ip6: address.address, port: address.port), timeout: patience,
          logger: .disabled, handler: handler)
      }
    self.server = server
    let start = Started()
    Task.detached {
      do {
        try await server.run()
      } catch {
        start.tell(.failure(error))
      }
    }
    Task.detached {
      do {
        try await server.waitUntilListening(timeout: 60)
        if case .ip4(_, let port)? = await server.listeningAddress { start.tell(.success(port)) }
        if case .ip6(_, let port)? = await server.listeningAddress { start.tell(.success(port)) }
      } catch {
        start.tell(.failure(error))
      }
    }
    do {
      url = address.url(port: try start.wait().get(), token: token?.text)
    } catch {
      throw address.error(error)
    }
  }

  package var isWatched: Bool { channel.isWatched }

  package func sink(
    source: String, isLive: Bool, encode: @escaping (Tensor) throws -> [UInt8]
  ) -> any LiveSink { WebSink(self, source: source, isLive: isLive, encode: encode) }

  /// Sends everybody away and closes the port.
  package func stop() {
    channel.finish()
    let done = DispatchSemaphore(value: 0)
    Task.detached { [server] in
      await server.stop(timeout: 1)
      done.signal()
    }
    _ = done.wait(timeout: .now() + 2)
  }
}

/// The port, or why there is none, from a task to a thread.
private final class Started: Sendable {
  private let value = Mutex<Result<UInt16, any Error>?>(nil)
  private let semaphore = DispatchSemaphore(value: 0)

  /// The first word counts.
  func tell(_ result: Result<UInt16, any Error>) {
    let isFirst = value.withLock { value in
      defer { value = value ?? result }
      return value == nil
    }
    if isFirst { semaphore.signal() }
  }

  func wait() -> Result<UInt16, any Error> {
    semaphore.wait()
    return value.withLock { $0 } ?? .failure(SocketError.disconnected)
  }
}

extension ServingAddress {
  fileprivate func error(_ error: any Error) -> PluginError {
    guard case SocketError.failed(_, let number, let message) = error else {
      return PluginError(
        "no page can be served at \(address), port \(port): \(error)", hint: "try another --serve PORT")
    }
    let (reason, hint) =
      switch number {
      case EADDRINUSE: ("the port is in use", "give another: --serve PORT, or --serve 0 for any free one")
      case EADDRNOTAVAIL: ("this machine does not have the address", "--bind takes an address of this machine")
      case EACCES: ("the port needs a privilege", "give one from 1024 on: --serve PORT")
      default: (message, "try another --serve PORT or --bind ADDRESS")
      }
    return PluginError("no page can be served at \(address), port \(port): \(reason)", hint: hint)
  }
}
