#include "gc/nursery_size.h"

#include <algorithm>

#include "allocator/block.h"

namespace fledge::gc {

NurserySize NurserySize::Fixed(std::size_t bytes) {
  return NurserySize({bytes, bytes, bytes, 0}, bytes);
}

NurserySize NurserySize::Adaptive(const Limits& limits) {
  return NurserySize(limits, limits.cache_bytes);
}

std::size_t NurserySize::Budget(std::size_t survivor_bytes) const {
  if (limits_.least_bytes == limits_.most_bytes) return bytes_;
  return bytes_ - std::min(survivor_bytes, bytes_ / 2);
}

NurseryReason NurserySize::AfterMinor(const Cost& cost) {
  if (limits_.least_bytes == limits_.most_bytes) return NurseryReason::kFixed;
  ++collections_;
  longest_pause_ns_ = std::max(longest_pause_ns_, cost.pause_ns);
  pauses_ns_ += cost.pause_ns;
  mutator_ns_ += cost.mutator_ns;
  allocated_bytes_ += cost.allocated_bytes;
  copied_bytes_ += cost.copied_bytes;
  old_bytes_ = cost.old_bytes;
  // A pause that is too long is not waited for again.
  if (collections_ < kWindow && cost.pause_ns <= aim_ns()) {
    return NurseryReason::kSteady;
  }
  const NurseryReason reason = Judge();
  collections_ = 0;
  longest_pause_ns_ = 0;
  pauses_ns_ = 0;
  mutator_ns_ = 0;
  allocated_bytes_ = 0;
  copied_bytes_ = 0;
  return reason;
}

NurseryReason NurserySize::Judge() {
  const auto halve = [&](std::size_t least, NurseryReason reason) {
    if (bytes_ <= least) return NurseryReason::kSteady;
    bytes_ = std::max(bytes_ / 2, least);
    return reason;
  };
  const std::size_t most = Most(old_bytes_);
  const auto twice = [&](std::size_t bound, NurseryReason reason) {
    bytes_ = std::min(2 * bytes_, bound);
    return reason;
  };
  if (windows_to_wait_ > 0) --windows_to_wait_;

  if (longest_pause_ns_ > aim_ns()) {
    if (bytes_ <= limits_.least_bytes) return NurseryReason::kSteady;
    const double part =
        std::min(0.5, static_cast<double>(aim_ns()) /
                          static_cast<double>(longest_pause_ns_));
    bytes_ = std::max(
        AlignDown(static_cast<std::size_t>(part * static_cast<double>(bytes_)),
                  kPageBytes),
        limits_.least_bytes);
    return NurseryReason::kPauseTarget;
  }
  // At worst a nursery of twice the size has pauses of twice the length.
  const bool has_room = 2 * longest_pause_ns_ <= aim_ns();
  if (bytes_ < limits_.cache_bytes) {
    return has_room ? twice(limits_.cache_bytes, NurseryReason::kPauseRoom)
                    : NurseryReason::kSteady;
  }
  if (bytes_ > most) return halve(most, NurseryReason::kSmallHeap);
  const std::int64_t share_of_pauses =
      100 * pauses_ns_ / std::max<std::int64_t>(pauses_ns_ + mutator_ns_, 1);
  if (share_of_pauses >= kMuchTime) {
    if (bytes_ < most) {
      return has_room && windows_to_wait_ == 0
                 ? twice(most, NurseryReason::kCopying)
                 : NurseryReason::kSteady;
    }
    if (bytes_ > limits_.cache_bytes &&
        100 * copied_bytes_ > kNearlyAll * allocated_bytes_) {
      bytes_ = limits_.cache_bytes;
      windows_to_wait_ = kWindowsUntilNextTry;
      return NurseryReason::kFutile;
    }
  } else if (share_of_pauses <= kLittleTime) {
    return halve(limits_.cache_bytes, NurseryReason::kIdle);
  }
  return NurseryReason::kSteady;
}

NurseryReason NurserySize::AfterMajor(std::size_t old_bytes) {
  if (limits_.least_bytes == limits_.most_bytes) return NurseryReason::kFixed;
  if (bytes_ <= Most(old_bytes)) return NurseryReason::kSteady;
  bytes_ = Most(old_bytes);
  return NurseryReason::kSmallHeap;
}

NurseryReason NurserySize::StartCycle(const NurserySize& usual) {
  if (limits_.least_bytes == limits_.most_bytes) return NurseryReason::kFixed;
  bytes_ = std::max(std::min(bytes_, AlignDown(usual.bytes_ / 2, kPageBytes)),
                    limits_.least_bytes);
  return NurseryReason::kCycle;
}

std::size_t NurserySize::Most(std::size_t old_bytes) const {
  return std::min(limits_.most_bytes,
                  std::max({kMostForSmallHeaps, limits_.cache_bytes,
                            AlignDown(old_bytes / 2, allocator::kBlockBytes)}));
}

}  // namespace fledge::gc
