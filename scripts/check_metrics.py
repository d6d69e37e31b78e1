#!/usr/bin/env python3
"""Recomputes the numbers of an evaluation from its predictions.csv with scikit-learn, and compares.

    make peers && .peers/bin/python scripts/check_metrics.py evaluation_results

Every number of metrics.json that scikit-learn has must agree to 1e-9 (labels: all classes; zero_division=0). Also the calibration
bins, with numpy. Exits 1 and names what differs.
"""

import argparse
import csv
import json
import pathlib
import sys
import warnings

import numpy
from sklearn import metrics

LIMIT = 1e-9


class Comparison:
    def __init__(self):
        self.count, self.worst, self.failures = 0, 0.0, []

    def check(self, name, ours, theirs):
        """Compares numbers, and lists and dictionaries of them; null stands where scikit-learn has no number."""
        if isinstance(theirs, dict):
            if not isinstance(ours, dict) or set(ours) != set(theirs):
                self.failures.append(f"{name}: the keys are {ours if not isinstance(ours, dict) else sorted(ours)}, not {sorted(theirs)}")
                return
            for key in theirs:
                self.check(f"{name}.{key}", ours[key], theirs[key])
        elif isinstance(theirs, (list, numpy.ndarray)):
            if not isinstance(ours, list) or len(ours) != len(theirs):
                self.failures.append(f"{name}: {ours} has another length than {theirs}")
                return
            for index, value in enumerate(theirs):
                self.check(f"{name}[{index}]", ours[index], value)
        else:
            self.count += 1
            if theirs is None or numpy.isnan(theirs):
                if ours is not None:
                    self.failures.append(f"{name}: {ours}, where scikit-learn has no number")
                return
            if ours is None:
                self.failures.append(f"{name}: null, scikit-learn has {theirs}")
                return
            self.worst = max(self.worst, abs(ours - theirs))
            if not abs(ours - theirs) <= LIMIT:
                self.failures.append(f"{name}: {ours}, scikit-learn has {theirs}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder

    (path,) = folder.glob("*metrics.json")
    ours = json.loads(path.read_text())
    with open(folder / "predictions.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    tasks = ours["extended"]["tasks"]
    comparison = Comparison()
    accuracies = []
    for name, task in tasks.items():
        prefix = "" if len(tasks) == 1 else f"{name}_"
        scores = check_task(comparison, name, task, rows, prefix)
        if scores and len(tasks) == 1:
            check_single(comparison, ours, scores, task["classes"])
        elif scores:
            accuracies.append(scores["accuracy"])
            comparison.check(f"{name}_accuracy", ours[f"{name}_accuracy"], scores["accuracy"])
            comparison.check(f"{name}_f1", ours[f"{name}_f1"], scores["f1_weighted"])
    if len(tasks) > 1:
        comparison.check("overall_accuracy", ours["overall_accuracy"], numpy.mean(accuracies))
        comparison.check("num_samples", ours["num_samples"], len(rows))

    for failure in comparison.failures:
        print(failure)
    print(f"{path}: {comparison.count} numbers of {len(rows)} samples, largest difference {comparison.worst:.1e}, "
          f"{len(comparison.failures)} beyond {LIMIT:.0e}")
    return 1 if comparison.failures or comparison.count == 0 else 0


def check_single(comparison, ours, scores, classes):
    report = scores["classification_report"]
    for key in ["accuracy", "f1_macro", "f1_weighted", "classification_report", "confusion_matrix", "num_samples"]:
        comparison.check(key, ours[key], scores[key])
    # Where scikit-learn divides 0 by 0 and says 0 there is no number.
    matrix = numpy.asarray(scores["confusion_matrix"])
    occurs, is_answered = matrix.sum(axis=1) > 0, matrix.sum(axis=0) > 0
    comparison.check("f1_per_class", ours["f1_per_class"], {
        label: report[label]["f1-score"] if occurs[index] or is_answered[index] else None
        for index, label in enumerate(classes)})
    comparison.check("per_class_accuracy", ours["per_class_accuracy"], {
        label: report[label]["recall"] if occurs[index] else None for index, label in enumerate(classes)})


def check_task(comparison, name, task, rows, prefix):
    """Checks extended.tasks; returns scikit-learn's numbers, None for a task without labels."""
    classes = task["classes"]
    labelled = [row for row in rows if row[f"{prefix}true"] != ""]
    comparison.check(f"{name}.num_samples", task["num_samples"], len(labelled))
    comparison.check(f"{name}.missing_targets", task["missing_targets"], len(rows) - len(labelled))
    if not labelled:
        return None
    number = {label: index for index, label in enumerate(classes)}
    truth = numpy.array([number[row[f"{prefix}true"]] for row in labelled])
    predicted = numpy.array([number[row[f"{prefix}predicted"]] for row in labelled])
    chances = numpy.array([[float(row[f"{prefix}p_{label}"]) for label in classes] for row in labelled])
    labels = list(range(len(classes)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"labels": labels, "zero_division": 0}
        matrix = metrics.confusion_matrix(truth, predicted, labels=labels)
        report = metrics.classification_report(
            truth, predicted, target_names=classes, output_dict=True, **options)
        sums = matrix.sum(axis=1, keepdims=True)
        areas, averages = {}, {}
        for label, index in number.items():
            is_class = truth == index
            # Without samples of the class and of others neither curve is defined.
            is_defined = 0 < is_class.sum() < len(truth)
            areas[label] = metrics.roc_auc_score(is_class, chances[:, index]) if is_defined else None
            averages[label] = metrics.average_precision_score(is_class, chances[:, index]) if is_defined else None
        scores = {
            "num_samples": len(labelled),
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
            "cohen_kappa": metrics.cohen_kappa_score(truth, predicted, labels=labels),
            # scikit-learn says 0 where truth or answers are all of one class.
            "matthews_correlation": metrics.matthews_corrcoef(truth, predicted)
            if len(set(truth)) > 1 and len(set(predicted)) > 1 else None,
            "f1_macro": metrics.f1_score(truth, predicted, average="macro", **options),
            "f1_weighted": metrics.f1_score(truth, predicted, average="weighted", **options),
            "precision_macro": metrics.precision_score(truth, predicted, average="macro", **options),
            "precision_weighted": metrics.precision_score(truth, predicted, average="weighted", **options),
            "recall_macro": metrics.recall_score(truth, predicted, average="macro", **options),
            "recall_weighted": metrics.recall_score(truth, predicted, average="weighted", **options),
            "classification_report": report,
            "confusion_matrix": matrix,
            "roc_auc": areas, "roc_auc_macro": mean(areas), "average_precision": averages,
            "average_precision_macro": mean(averages),
        }
    for key, theirs in scores.items():
        comparison.check(f"{name}.{key}", task[key], theirs)
    for index, row in enumerate(task["confusion_matrix_normalised"]):
        theirs = matrix[index] / sums[index] if sums[index] > 0 else None
        if theirs is None:
            comparison.check(f"{name}.confusion_matrix_normalised[{index}]", row, None)
        else:
            comparison.check(f"{name}.confusion_matrix_normalised[{index}]", row, theirs)
    check_calibration(comparison, name, task["calibration"], chances.max(axis=1), truth == predicted)
    return scores


def check_calibration(comparison, name, ours, confidence, is_right):
    """Guo et al. 2017: bins (lower, upper] of equal width."""
    error, worst = 0.0, 0.0
    for entry in ours["bins"]:
        inside = (confidence > entry["lower"]) & (confidence <= entry["upper"])
        comparison.check(f"{name}.bin {entry['lower']:.2f}.count", entry["count"], int(inside.sum()))
        if inside.any():
            gap = abs(is_right[inside].mean() - confidence[inside].mean())
            error, worst = error + inside.mean() * gap, max(worst, gap)
            comparison.check(f"{name}.bin {entry['lower']:.2f}.accuracy", entry["accuracy"], is_right[inside].mean())
            comparison.check(f"{name}.bin {entry['lower']:.2f}.confidence", entry["confidence"], confidence[inside].mean())
    comparison.check(f"{name}.expected_calibration_error", ours["expected_calibration_error"], error)
    comparison.check(f"{name}.maximum_calibration_error", ours["maximum_calibration_error"], worst)


def mean(values):
    known = [value for value in values.values() if value is not None]
    return float(numpy.mean(known)) if known else None


if __name__ == "__main__":
    sys.exit(main())
