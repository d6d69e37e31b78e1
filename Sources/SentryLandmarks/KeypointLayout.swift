/// The keypoints that a pose estimator numbers from 0, by name; left and right are the person's own.
public struct KeypointLayout: Sendable, Equatable {
  /// What users type.
  public let name: String
  public let keypoints: [String]

  /// MediaPipe's and BlazePose's 33 landmarks.
  public static let mediaPipe = KeypointLayout(
    name: "mediapipe",
    keypoints: [
      "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
      "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
      "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
      "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
      "left_heel", "right_heel", "left_foot_index", "right_foot_index",
    ])

  /// OpenPose's default of 25 keypoints.
  public static let body25 = KeypointLayout(
    name: "body-25",
    keypoints: [
      "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
      "mid_hip", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye",
      "left_eye", "right_ear", "left_ear", "left_big_toe", "left_small_toe", "left_heel", "right_big_toe",
      "right_small_toe", "right_heel",
    ])

  /// OpenPose's later experimental model, also of 25 keypoints; the first 17 are COCO's.
  public static let body25B = KeypointLayout(
    name: "body-25b",
    keypoints: [
      "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
      "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
      "right_ankle", "neck", "head_top", "left_big_toe", "left_small_toe", "left_heel", "right_big_toe",
      "right_small_toe", "right_heel",
    ])

  /// OpenPose's model of 18 keypoints: COCO's and the neck.
  public static let coco18 = KeypointLayout(
    name: "coco-18",
    keypoints: [
      "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
      "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye",
      "right_ear", "left_ear",
    ])

  public static let all = [mediaPipe, body25, body25B, coco18]

  /// The layout that this many keypoints without names are taken for, where nobody says another.
  public static func usual(count: Int) -> KeypointLayout? { all.first { $0.keypoints.count == count } }
}
