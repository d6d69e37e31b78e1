// swift-format-ignore-file
// Made by scipy 1.17.1 and statsmodels 0.15.0:
// python3 scripts/check_comparison.py --reference Tests/Unit/HostTests/Comparison/ReferenceStatistics.swift

/// What the statistics of comparisons are in other libraries.
enum ReferenceStatistics {
  static let mcNemar: [(first: Int, other: Int, p: Double)] = [
    (0, 0, 1.0),
    (0, 1, 1.0),
    (5, 0, 0.0625),
    (0, 6, 0.03125),
    (3, 3, 1.0),
    (10, 4, 0.1795654296875),
    (59, 121, 4.4344492637551645e-06),
    (301, 260, 0.09116840840797137),
    (1200, 1100, 0.03896685268382023),
    (20000, 20300, 0.13637447838816735),
    (0, 1100, 0.0),
  ]
  static let wilson: [(hits: Int, count: Int, low: Double, high: Double)] = [
    (0, 10, 0.0, 0.27753279986288926),
    (1, 10, 0.017876213095072896, 0.4041500267952385),
    (9, 10, 0.5958499732047615, 0.9821237869049271),
    (10, 10, 0.7224672001371109, 1.0),
    (2559, 3589, 0.6979910730549226, 0.7275773850929288),
    (1, 1, 0.20654931437723745, 1.0),
    (50000, 100000, 0.49690108435968966, 0.5030989156403103),
  ]
  static let holm: [(p: [Double], adjusted: [Double])] = [
    ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
    ([0.5], [0.5]),
    ([0.02, 0.02, 0.9, 0.001], [0.06, 0.06, 0.9, 0.004]),
    ([0.8, 0.6], [1.0, 1.0]),
  ]
  static let smallestDifference: [(discordance: Double, count: Int, difference: Double?)] = [
    (0.2, 3589, 0.020906890206345417),
    (0.05, 1000, 0.019786853307726338),
    (0.3, 100, 0.15164709121467096),
    (0.02, 50, nil),
    (1.0, 20, 0.590183100769858),
    (0.0, 100, nil),
  ]
  static let deviation: [(values: [Double], deviation: Double)] = [
    ([0.7, 0.72, 0.69], 0.01527525231651948),
    ([0.5, 0.5], 0.0),
    ([1, 2, 3, 4], 1.2909944487358056),
  ]
  static let bootstrap: [(seeds: Int, wins: Int, losses: Int, count: Int, isCrossed: Bool, low: Double, high: Double, p: Double)] = [
    (1, 40, 20, 200, true, 0.025, 0.175, 0.0103989601039896),
    (3, 30, 25, 150, true, -0.044444444444444446, 0.11333333333333333, 0.41355864413558646),
    (3, 30, 25, 150, false, -0.022222222222222227, 0.08888888888888889, 0.25317468253174685),
  ]
}
