import SentryPluginAPI

/// A set of faces that its dataset reads as it is: there is nothing to prepare.
struct FaceSource: Preparer {
  let entry: CatalogEntry

  static let affectNet = FaceSource(
    entry: CatalogEntry(
      key: "affectnet", title: "AffectNet (as distributed on Kaggle)",
      summary: "Faces from the web in eight expressions, 96 × 96 pixels, with labels.csv.", access: .kaggle,
      steps: kaggleSteps("mstjebashazida/affectnet", dataset: "affectnet"),
      bestFor: "emotion from faces: many people, real light", dataset: "affectnet"))

  static let fer2013 = FaceSource(
    entry: CatalogEntry(
      key: "fer2013", title: "FER2013 (as distributed on Kaggle)",
      summary: "35,887 grey faces of 48 × 48 pixels in seven expressions.", access: .kaggle,
      steps: kaggleSteps("msambare/fer2013", dataset: "fer2013"),
      bestFor: "emotion from small faces; comparing with published results", dataset: "fer2013"))

  private static func kaggleSteps(_ name: String, dataset: String) -> [String] {
    [
      "Create an account at https://www.kaggle.com and read the licence at https://www.kaggle.com/datasets/\(name)",
      "Install Kaggle's client: pip install kaggle",
      "Create an API token at https://www.kaggle.com/settings and save it as ~/.kaggle/kaggle.json",
      "kaggle datasets download -d \(name) -p {folder} --unzip",
      "sentry data check {folder} --dataset \(dataset)",
    ]
  }
}
