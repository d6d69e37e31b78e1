import SentryPluginAPI

extension TaskMetrics {
  /// Everything, for `extended.tasks` of metrics.json. Shares are fractions of 1; null is what has no value.
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "classes": .array(task.classes.map(JSONValue.string)), "num_samples": .integer(labelled),
      "missing_targets": .integer(missing), "classification_report": report, "confusion_matrix": confusionJSON,
      "classes_without_samples": .array(absentClasses.map(JSONValue.string)),
      "confusion_matrix_normalised": normalisedConfusionJSON,
      "roc_auc": byClass { roc[$0]?.area }, "average_precision": byClass { precisionRecall[$0]?.averagePrecision },
      "calibration": labelled > 0 ? calibration.json : .null, "bootstrap": bootstrap?.json ?? .null,
    ]
    if hasManyClasses {
      members["confusion_counts"] = .array(
        confusion.cells.map { [.integer($0.truth), .integer($0.predicted), .integer($0.count)] })
    }
    for metric in Metric.all { members[metric.key] = JSONValue(self[metric]) }
    return .object(members)
  }

  /// Whether a matrix of them would be larger than all else together; then its cells are listed.
  private var hasManyClasses: Bool { task.classes.count > ConfusionMatrix.mostDense }

  /// As scikit-learn's `classification_report(…, output_dict=True, zero_division=0)`.
  var report: JSONValue {
    var members = Dictionary(zip(task.classes, classes.map(\.json))) { first, _ in first }
    // A class may be called like one of these; its own scores are in per-class keys all the same.
    members["accuracy"] = JSONValue(self[.accuracy])
    members["macro avg"] = classes.macro.json
    members["weighted avg"] = classes.weighted.json
    return .object(members)
  }

  /// null for many classes: see `confusion_counts`.
  var confusionJSON: JSONValue {
    hasManyClasses ? .null : .array(confusion.rows.map { .array($0.map(JSONValue.integer)) })
  }

  private var normalisedConfusionJSON: JSONValue {
    guard !hasManyClasses else { return .null }
    return .array(confusion.normalisedRows.map { row in row.map { .array($0.map(JSONValue.number)) } ?? .null })
  }

  func byClass(_ value: (Int) -> Double?) -> JSONValue {
    .object(Dictionary(zip(task.classes, task.classes.indices.map { JSONValue(value($0)) })) { first, _ in first })
  }
}

extension ClassScores {
  var json: JSONValue {
    [
      "precision": .number(precision), "recall": .number(recall), "f1-score": .number(f1), "support": .integer(support),
    ]
  }
}

extension Calibration {
  fileprivate var json: JSONValue {
    [
      "expected_calibration_error": .number(expectedError), "maximum_calibration_error": .number(maximumError),
      "bins": .array(
        bins.map { bin in
          [
            "lower": .number(bin.lower), "upper": .number(bin.upper), "count": .integer(bin.count),
            "confidence": JSONValue(bin.confidence), "accuracy": JSONValue(bin.accuracy),
          ]
        }),
    ]
  }
}

extension Bootstrap {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "confidence": .number(Self.confidence), "draws": .integer(sampleCount), "seed": .integer(Int(clamping: seed)),
      "method": "percentile",
    ]
    for metric in Metric.all {
      guard case .counts = metric.computation else { continue }
      members[metric.key] = intervals[metric.key].map { [.number($0.low), .number($0.high)] } ?? .null
    }
    return .object(members)
  }
}

extension JSONValue {
  /// null for nil.
  package init(_ number: Double?) { self = number.map(JSONValue.number) ?? .null }
}
