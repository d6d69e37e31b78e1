import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import SentryLandmarks

@Suite struct LandmarkTableTests {
  private func read(_ text: String, _ options: LandmarkOptions = LandmarkOptions()) throws -> (
    keypoints: [String], frames: [LandmarkFrame]
  ) {
    let tree = try Tree()
    let source = try LandmarkFiles.open(try tree.write("a.csv", text), options)
    return (source.keypoints, try source.frames())
  }

  /// Whatever the order of the columns, and whatever else stands between them.
  @Test func wideColumnsAreFoundByName() throws {
    let (keypoints, frames) = try read(
      """
      label,nose_y,time_ms,left_hip_visibility,Nose_X,left_hip_x,frame,left_hip_y,left_hip_z
      sit,0.2,0,0.5,0.1,0.3,7,0.4,-0.1
      sit,0.25,40,,0.15,,9,,
      """)
    #expect(keypoints == ["nose", "left_hip"])
    #expect(frames.map(\.index) == [7, 9] && frames.map(\.time) == [0, 0.04])
    #expect(
      frames[0].instances.map(\.keypoints) == [
        [.init(x: 0.1, y: 0.2), .init(x: 0.3, y: 0.4, z: -0.1, visibility: 0.5)]
      ])
    #expect(frames[0].instances[0].score == 0.75)
    let box = frames[0].instances[0].box
    #expect(box.x == 0.1 && box.y == 0.2 && abs(box.width - 0.2) < 1e-6 && abs(box.height - 0.2) < 1e-6)
    // The hip was not found.
    let hip = frames[1].instances[0].keypoints[1]
    #expect(hip.x.isNaN && hip.y.isNaN && hip.visibility == 0)
  }

  @Test func longRowsMakeFramesOfSeveralPeople() throws {
    let (keypoints, frames) = try read(
      """
      frame,person,landmark,x,y,z,visibility
      0,1,nose,0.1,0.2,0,1
      0,2,left_hip,0.5,0.6,0,0.9
      0,1,left_hip,0.3,0.4,0,0.8
      2,2,nose,0.7,0.8,0,1
      """, LandmarkOptions(rate: 10))
    #expect(keypoints == ["nose", "left_hip"] && frames.map(\.index) == [0, 2] && frames.map(\.time) == [0, 0.2])
    #expect(frames[0].instances.map(\.id) == [1, 2])
    #expect(frames[0].instances[0].keypoints == [.init(x: 0.1, y: 0.2), .init(x: 0.3, y: 0.4, visibility: 0.8)])
    #expect(frames[0].instances[1].keypoints[0].x.isNaN && frames[0].instances[1].keypoints[1].x == 0.5)
    #expect(frames[1].instances.count == 1)
  }

  /// 33 numbers are MediaPipe's, in a long table as in a wide one.
  @Test func numbersStandForTheNamesOfALayout() throws {
    let long = "frame,landmark,x,y\n" + (0..<33).reversed().map { "0,\($0),0.\($0 + 10),0.5\n" }.joined()
    let (keypoints, frames) = try read(long)
    #expect(keypoints == KeypointLayout.mediaPipe.keypoints)
    #expect(frames[0].instances[0].keypoints[12].x == 0.22)
    let header = (0..<33).map { "x\($0),y\($0),z\($0),v\($0)" }.joined(separator: ",")
    let row = (0..<33).map { "0.\($0 + 10),0.5,0,1" }.joined(separator: ",")
    let wide = try read("\(header)\n\(row)\n\(row)\n")
    #expect(wide.keypoints == keypoints && wide.frames.map(\.index) == [0, 1] && wide.frames[0].time == nil)
    #expect(wide.frames[0].instances[0].keypoints[12].x == 0.22)
    for form in ["landmark_N_x,landmark_N_y", "kpN_x,kpN_y", "N_x,N_y", "x_N,y_N"] {
      let header = (0..<33).map { form.replacing("N", with: "\($0)") }.joined(separator: ",")
      let row = Array(repeating: "0.5,0.5", count: 33).joined(separator: ",")
      #expect(try read("\(header)\n\(row)\n").keypoints == keypoints, "\(form)")
    }
    let few = try read("x0,y0,x1,y1\n0.1,0.2,0.3,0.4\n", LandmarkOptions(layout: .coco18))
    #expect(few.keypoints == ["nose", "neck"])
  }

  @Test func aFrameWithoutAnyoneStays() throws {
    let (_, frames) = try read("frame,nose_x,nose_y\n0,0.1,0.2\n1,,\n2,nan,nan\n3,0.1,0.2\n4,0,0\n")
    #expect(frames.map(\.index) == [0, 1, 2, 3, 4] && frames.map(\.instances.count) == [1, 0, 0, 1, 0])
  }

  /// Zeros and empty fields of all keypoints, in either form; one keypoint at 0 beside others is where it says.
  @Test func zerosAreNobody() throws {
    let (_, wide) = try read(
      "nose_x,nose_y,left_hip_x,left_hip_y\n0,0,0,0\n0,0,,\n0,0,0.3,0.4\n0,0.1,0,0\n", LandmarkOptions(rate: 10))
    #expect(wide.map(\.instances.count) == [0, 0, 1, 1])
    #expect(wide[2].instances[0].keypoints[0] == .init(x: 0, y: 0))
    let (_, long) = try read(
      """
      frame,person,landmark,x,y
      0,1,nose,0,0
      0,2,nose,0.1,0.2
      0,1,left_hip,0,0
      1,1,nose,0,0
      """, LandmarkOptions(rate: 10))
    #expect(long.map(\.index) == [0, 1] && long.map(\.instances.count) == [1, 0])
    #expect(long[0].instances[0].id == 2)
  }

  @Test func pixelsNeedTheSizeOfThePicture() throws {
    let text = "nose_x,nose_y,nose_z\n320,120,-0.5\n"
    let tree = try Tree()
    let path = try tree.write("a.csv", text)
    #expect(failure(path)?.contains("a.csv: line 2: the position 320.0, 120.0 is in pixels") == true)
    let (_, frames) = try read(text, LandmarkOptions(pictureSize: SIMD2(640, 480)))
    #expect(frames[0].instances[0].keypoints == [.init(x: 0.5, y: 0.25, z: -0.5)])
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "no columns are landmarks; there are a, b"), ("a;nose_x;nose_y\n", "separated by semicolons"),
    ("landmark,x,y\nnose,0,0\n", "no column tells which rows are a frame"),
    ("nose_x,nose_y,nose_x\n0,0,0\n", "nose_x and nose_x hold the same value"),
    ("nose_v,nose_confidence,nose_x,nose_y\n0,0,0,0\n", "hold the same value"),
    ("frame,frame_id,nose_x,nose_y\n0,0,0,0\n", "may contradict each other"),
    ("x0,y0,x1,y1\n0,0,0,0\n", "landmarks are numbered to 1, which fits no layout"),
    ("x0,y0,nose_x,nose_y\n0,0,0,0\n", "some landmarks are numbers and some are names"),
    ("nose_x,nose_y\n0.1,left\n", "line 2: nose_y is 'left', not a number"),
    ("nose_x,nose_y\n0.1,inf\n", "nose_y is 'inf'"), ("nose_x,nose_y,nose_v\n0,0,2\n", "a visibility is 2.0"),
    ("frame,nose_x,nose_y\n1,0,0\n0,0,0\n", "line 3: frame 0 comes after frame 1"),
    ("frame,nose_x,nose_y\n1,1,0\n1,1,0\n", "line 3: its frame is that of the row before"),
    ("frame,nose_x,nose_y\n1,1,0\n2,1\n", "line 3: has 2 fields, the header has 3"),
    ("nose_x,nose_y\n1e300,0\n", "nose_x is '1e300', which is larger than a float32 holds"),
    ("nose_x,nose_y\n", "a header and no rows"),
    ("frame,nose_x,nose_y\none,0,0\n", "its frame is 'one'"),
    ("person,nose_x,nose_y\nann,0,0\n", "its person is 'ann'"),
    ("time,nose_x,nose_y\n0.2,0,0\n0.1,0,0\n", "its time is 0.1 s, that of the frame before is 0.2 s"),
    ("time,nose_x,nose_y\n0,0,0\n33,0,0\n", "if these are milliseconds, name the column time_ms"),
    ("nose_x,nose_y\n0,0,0\n", "has 3 fields, the header has 2"), ("", "the file is empty"),
  ]) func whatDoesNotTellWhatItHoldsIsRefused(text: String, message: String) throws {
    let tree = try Tree()
    let error = failure(try tree.write("a.csv", text))
    #expect(error?.contains(message) == true && error?.contains("a.csv") == true, "\(error ?? "no error")")
  }

  @Test(.enabled(if: SharedData.expects("posture/all_keypoints_vectors.csv"), "needs ../shared/data/posture"))
  func realTablesAreRead() throws {
    let numbered = try LandmarkFiles.open(
      SharedData.path("posture/all_keypoints_vectors.csv"), LandmarkOptions(pictureSize: SIMD2(640, 480)))
    #expect(numbered.keypoints == KeypointLayout.mediaPipe.keypoints)
    #expect(numbered.notes.contains { $0.contains("not read: class, image_id") })
    let named = try LandmarkFiles.open(SharedData.path("posture/full_mediapipe_keypoints.csv"))
    #expect(named.keypoints == KeypointLayout.mediaPipe.keypoints)
    var frames = 0
    try named.forEachFrame { frame in
      frames += 1
      // Shoulders above hips: people sit.
      let points = frame.instances[0].keypoints
      #expect(points[11].y < points[23].y)
      return true
    }
    #expect(frames > 100)
  }
}
