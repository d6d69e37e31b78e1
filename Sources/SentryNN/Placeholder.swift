/// Replaced soon.
enum Placeholder {}
