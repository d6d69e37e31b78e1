import SentryPluginAPI
import SentryVideo

extension FFmpegVideo: WindowShowing {
  func show(_ image: Tensor, title: String, waiting seconds: Double) throws -> WindowKey {
    let key = try mappingVideoErrors {
      try image.withPicture { pixels, width, height in
        try PictureWindow.show(pixels, width: width, height: height, title: title, waiting: seconds)
      }
    }
    return switch key {
    case .none: .none
    case .closed: .closed
    case .character(let character): .character(character)
    }
  }
}
