import ArgumentParser
import AugmentFace
import BenchWorker
import SentryImaging

/// The standard augmentation of one decoded 48×48 grey face on one core, in seconds of CPU; torchvision_augment.py's other side.
@main struct AugmentBench: ParsableCommand {
  @Option(help: "Side of the result.") var size = 224
  @Option(help: "Images in one pass.") var images = 200
  @Option(help: "Passes in one round.") var passes = 1

  func run() throws {
    let augmenter = try FaceAugmenter(imageSize: size)
    let pixels = (0..<48 * 48).map { UInt8(truncatingIfNeeded: $0 % 48 * 3 + $0 / 48 * 2 + $0 * 31 % 17) }
    let face = try Image(width: 48, height: 48, channels: 1, pixels: pixels)
    var result = [Float](repeating: 0, count: size * size)
    var seed: UInt64 = 0
    func pass() throws {
      for _ in 0..<images {
        seed += 1
        try result.withUnsafeMutableBufferPointer { target in
          try augmenter.apply(face, strength: .standard, seed: seed, into: target)
        }
      }
    }
    try pass()
    _ = try Worker(items: images, passes: passes, clock: .processor).serve(pass)
  }
}
