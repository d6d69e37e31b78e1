/// How the window of a convolution or a pooling moves along one axis of a picture.
public struct WindowAxis: Equatable, Sendable {
  public var size: Int
  public var stride: Int
  public var dilation: Int
  /// How far the first window reaches beyond the beginning, and the last one beyond the end.
  public var before, after: Int

  public init(size: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, after: Int = 0) {
    (self.size, self.stride, self.dilation, self.before, self.after) = (size, stride, dilation, before, after)
  }

  /// TensorFlow's padding `SAME` over `extent` places: one result for every stride, and what is missing spread evenly, the odd
  /// one at the end.
  public static func same(size: Int, stride: Int, dilation: Int = 1, over extent: Int) -> WindowAxis {
    var axis = WindowAxis(size: size, stride: stride, dilation: dilation)
    let results = (extent + stride - 1) / stride
    let missing = max(0, (results - 1) * stride + axis.reach - extent)
    (axis.before, axis.after) = (missing / 2, missing - missing / 2)
    return axis
  }

  /// The places that one window covers, with those between.
  var reach: Int { (size - 1) * dilation + 1 }

  /// How many results `extent` places give; 0 where the window does not fit.
  func results(over extent: Int) -> Int {
    let room = extent + before + after - reach
    return room < 0 ? 0 : room / stride + 1
  }

  /// The places that a part of the results needs, and the axis over these places alone.
  func part(_ results: Range<Int>, over extent: Int) -> (places: Range<Int>, axis: WindowAxis) {
    let start = results.lowerBound * stride - before
    let end = (results.upperBound - 1) * stride - before + reach
    let places = min(max(0, start), extent)..<max(0, min(extent, end))
    var axis = self
    (axis.before, axis.after) = (max(0, -start), max(0, end - extent))
    return (places, axis)
  }
}
