import SentryPluginAPI

extension TaskMetrics {
  /// Everything, for `extended.tasks` of metrics.json. Shares are fractions of 1; null is what has no value.
  var json: JSONValue {
    let (macro, weighted) = (classes.macro, classes.weighted)
    return [
      "classes": .array(task.classes.map(JSONValue.string)), "num_samples": .integer(labelled),
      "missing_targets": .integer(missing), "accuracy": .number(confusion.accuracy),
      "balanced_accuracy": .number(confusion.balancedAccuracy), "cohen_kappa": JSONValue(confusion.cohenKappa),
      "f1_macro": .number(macro.f1), "f1_weighted": .number(weighted.f1),
      "precision_macro": .number(macro.precision), "recall_macro": .number(macro.recall),
      "precision_weighted": .number(weighted.precision), "recall_weighted": .number(weighted.recall),
      "classification_report": report, "confusion_matrix": confusionJSON,
      "confusion_matrix_normalised": .array(
        confusion.normalisedRows.map { row in row.map { .array($0.map(JSONValue.number)) } ?? .null }),
      "roc_auc": byClass { JSONValue(roc[$0]?.area) }, "roc_auc_macro": JSONValue(macroROCArea),
      "average_precision": byClass { JSONValue(precisionRecall[$0]?.averagePrecision) },
      "average_precision_macro": JSONValue(macroAveragePrecision), "calibration": calibration.json,
      "bootstrap": bootstrap?.json ?? .null,
    ]
  }

  /// As scikit-learn's `classification_report(…, output_dict=True)`.
  var report: JSONValue {
    var members = Dictionary(
      zip(task.classes, classes.map(\.json)), uniquingKeysWith: { first, _ in first })
    // A class may be called like one of these; its own scores are in per-class keys all the same.
    members["accuracy"] = .number(confusion.accuracy)
    members["macro avg"] = classes.macro.json
    members["weighted avg"] = classes.weighted.json
    return .object(members)
  }

  var confusionJSON: JSONValue { .array(confusion.rows.map { .array($0.map(JSONValue.integer)) }) }

  func byClass(_ value: (Int) -> JSONValue) -> JSONValue {
    .object(Dictionary(zip(task.classes, task.classes.indices.map(value)), uniquingKeysWith: { first, _ in first }))
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
    func pair(_ interval: Interval) -> JSONValue { [.number(interval.low), .number(interval.high)] }
    return [
      "confidence": .number(Self.confidence), "draws": .integer(draws), "seed": .integer(Int(clamping: seed)),
      "method": "percentile", "accuracy": pair(accuracy), "balanced_accuracy": pair(balancedAccuracy),
      "f1_macro": pair(macroF1), "f1_weighted": pair(weightedF1), "cohen_kappa": cohenKappa.map(pair) ?? .null,
    ]
  }
}

extension JSONValue {
  /// null for nil.
  package init(_ number: Double?) { self = number.map(JSONValue.number) ?? .null }
}
