import SentryPluginAPI

struct FiledSource: Preparer {
  let entry = CatalogEntry(
    key: "filed", title: "Filed", summary: "Nothing.", licence: "CC0-1.0", access: .recorded, steps: ["Nothing."],
    bestFor: "tests", dataset: nil, prepares: false)
}
