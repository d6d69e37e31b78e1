import SentryModels

extension EmotionNet: ProfiledNetwork {
  public static let operationTitles = [
    "stem": "stem", "head": "head", "transition": "transitions",
    "forward1x1": "forward, convolution 1x1", "forward3x3": "forward, convolution 3x3",
    "forwardElementwise": "forward, batch norm and ReLU",
    "backward1x1Data": "backward, convolution 1x1, data", "backward1x1Weights": "backward, convolution 1x1, weights",
    "backward3x3Data": "backward, convolution 3x3, data", "backward3x3Weights": "backward, convolution 3x3, weights",
    "backwardElementwise": "backward, batch norm and ReLU",
    "weightGradientSum": "sums of weight gradients", "weightPacking": "packing of weights",
  ]
}
