import FoundationEssentials

/// Something that TensorBoard shows under a tag; what stands before a slash in a tag groups it.
public enum EventValue: Sendable {
  case scalar(tag: String, Double)
  /// - Parameters width, height: in pixels.
  case picture(tag: String, png: [UInt8], width: Int, height: Int)
  /// Markdown.
  case text(tag: String, String)

  var summary: Tensorboard_Summary.Value {
    var value = Tensorboard_Summary.Value()
    switch self {
    case .scalar(let tag, let number):
      value.tag = tag
      value.simpleValue = Float(number)
    case .picture(let tag, let png, let width, let height):
      value.tag = tag
      value.image.width = Int32(clamping: width)
      value.image.height = Int32(clamping: height)
      value.image.colorspace = 3
      value.image.encodedImageString = Data(png)
    case .text(let tag, let text):
      value.tag = tag
      value.metadata.pluginData.pluginName = "text"
      value.metadata.dataClass = .tensor
      value.tensor.dtype = .dtString
      // One text is a tensor of one element.
      var dimension = Tensorboard_TensorShapeProto.Dim()
      dimension.size = 1
      value.tensor.tensorShape.dim = [dimension]
      value.tensor.stringVal = [Data(text.utf8)]
    }
    return value
  }
}
