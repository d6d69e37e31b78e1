#include "Parameters.hpp"

#include "Random.hpp"

namespace backbone {

namespace {

/// Vector instructions of kernels want aligned starts: 256 bytes.
int64_t padded(int64_t count) { return (count + 63) / 64 * 64; }

}  // namespace

int64_t Entry::count() const {
  int64_t count = 1;
  for (auto extent : shape) count *= extent;
  return count;
}

Parameters::Parameters(std::vector<Entry> declared, at::Device device, bool channelsLast)
    : entries(std::move(declared)), channelsLast(channelsLast) {
  int64_t trained = 0, frozen = 0, buffers = 0;
  for (auto &entry : entries) {
    if (entry.role == Role::batchCount) continue;
    auto &end = entry.isTrained ? trained : entry.isParameter() ? frozen : buffers;
    entry.offset = end;
    end += padded(entry.count());
  }
  auto f32 = at::TensorOptions().dtype(at::kFloat).device(device);
  trained = (trained + stretch - 1) / stretch * stretch;
  values = at::zeros({trained}, f32);
  gradients = at::zeros({trained}, f32);
  statistics = at::zeros({buffers}, f32);
  at::Tensor fixed = at::zeros({frozen}, f32);
  for (size_t index = 0; index < entries.size(); index++) {
    auto &entry = entries[index];
    places[entry.name] = index;
    if (entry.role == Role::batchCount) {
      entry.value = at::zeros({}, at::kLong);  // on the CPU: no kernel reads it
    } else if (entry.isTrained) {
      entry.value = part(values, entry).detach();
      entry.gradient = part(gradients, entry).detach();
    } else {
      entry.value = part(entry.isParameter() ? fixed : statistics, entry).detach();
    }
  }
}

at::Tensor Parameters::part(const at::Tensor &flat, const Entry &entry) const {
  at::Tensor part = flat.narrow(0, entry.offset, entry.count());
  auto &shape = entry.shape;
  if (channelsLast && shape.size() == 4)
    return part.view({shape[0], shape[2], shape[3], shape[1]}).permute({0, 3, 1, 2});
  return part.view(shape);
}

at::Tensor Parameters::view(const at::Tensor &flat, const Entry &entry) const { return part(flat, entry); }

Entry *Parameters::find(const std::string &name) {
  auto found = places.find(name);
  return found == places.end() ? nullptr : &entries[found->second];
}

void Parameters::initialise(uint64_t seed) {
  at::NoGradGuard none;
  RandomStream random(seed);
  double fanIn = 1;
  for (auto &entry : entries) {
    at::Tensor drawn = at::zeros(entry.shape, at::kFloat);
    float *value = drawn.data_ptr<float>();
    if (entry.role == Role::weight) {
      fanIn = double(entry.count() / entry.shape[0]);
      if (entry.shape.size() == 4) {  // He et al. 2015
        double deviation = std::sqrt(2 / fanIn);
        for (int64_t i = 0; i < entry.count(); i++) value[i] = float(random.normal() * deviation);
      }
    }
    if ((entry.role == Role::weight && entry.shape.size() == 2) || entry.role == Role::bias) {
      double bound = 1 / std::sqrt(fanIn);  // a bias has that of the weight before it
      for (int64_t i = 0; i < entry.count(); i++) value[i] = float((2 * random.uniform() - 1) * bound);
    }
    if (entry.role == Role::scale || entry.role == Role::runningVariance) drawn.fill_(1);
    if (entry.role != Role::batchCount) entry.value.copy_(drawn);
  }
  for (auto &entry : entries) {
    if (!entry.isTrained) continue;
    entry.value.set_requires_grad(true);
    entry.value.mutable_grad() = entry.gradient;
  }
}

}  // namespace backbone
