extension Recipe {
  /// How a trained model is used on photographs and videos: what a detector finds becomes its input. Stored in checkpoints.
  ///
  /// Either `crop` or `features` is set. With `crop`, the picture of each instance is a sample of the augmenter. With
  /// `features`, the vectors of one instance over time are a recording of the augmenter, as long as the model's input.
  public struct Live: Codable, Sendable, Equatable {
    /// The name of the detector component.
    public var detector: String
    public var crop: Crop?
    /// The name of the component that computes features from keypoints.
    public var features: String?

    enum CodingKeys: String, CodingKey { case detector, crop, features }

    /// Judges the picture of each instance.
    public static func crops(of detector: String, _ crop: Crop) -> Live { Live(detector: detector, crop: crop) }

    /// Judges the features of each instance over time.
    public static func features(_ features: String, of detector: String) -> Live {
      Live(detector: detector, features: features)
    }
  }

  /// The rectangle around an instance's box that a model sees.
  public struct Crop: Codable, Sendable, Equatable {
    /// Added on each side, as a part of the box's width and height.
    public var margin: Double
    /// Whether the rectangle is extended to a square around its centre.
    public var square: Bool
    /// Two keypoints that lie on a horizontal line, from left to right in the picture, if the user asks for alignment.
    public var align: [String]
    /// Pictures of which neither side is longer are samples like those of the training and are taken whole, in pixels.
    public var whole: Int

    public init(margin: Double = 0, square: Bool = true, align: [String] = [], whole: Int = 0) {
      (self.margin, self.square, self.align, self.whole) = (margin, square, align, whole)
    }
  }
}
