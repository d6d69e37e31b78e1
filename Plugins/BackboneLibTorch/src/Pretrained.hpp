// Weights to start from, out of a file that the host reads.
#pragma once
#include "Options.hpp"
#include "Parameters.hpp"

namespace backbone {

/// Fills the backbone, and the head where the file has one that fits: torchvision's DenseNet121, in today's spelling or that of the published
/// file, or a network of ours.
///
/// - Returns: a sentence on what was loaded and what was not.
/// - Throws: `Failure` for a file that cannot be read or has no DenseNet121.
std::string loadPretrained(const std::string &file, Stem stem, Parameters &parameters);

}  // namespace backbone
