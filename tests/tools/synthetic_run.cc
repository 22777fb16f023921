#include "tests/tools/synthetic_run.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "allocator/base/address.h"
#include "tests/support/random.h"

namespace fledge::tools {
namespace {

using Shares = std::array<double, gc::kPhaseCount>;
constexpr Shares kMinorShares = {0.02, 0.1, 0.17, 0.55, 0.04, 0.02, 0.08};
constexpr Shares kMajorShares = {0.01, 0.05, 0.02, 0.66, 0.05, 0.16, 0.04};

// Splits `pause_ns` by `shares`, the rest being left over.
std::array<std::int64_t, gc::kPhaseCount> Split(std::int64_t pause_ns,
                                                const Shares& shares) {
  std::array<std::int64_t, gc::kPhaseCount> phases{};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    phases[i] = std::llround(static_cast<double>(pause_ns) * shares[i]);
  }
  return phases;
}

}  // namespace

RunRecord SyntheticRun(const SyntheticOptions& options) {
  constexpr std::uint64_t kNursery = 16 * kMiB;
  Random random(options.seed);
  // Log-normal: twelve even numbers add up to a normal one.
  const auto around = [&](double middle, double spread) {
    double normal = -6;
    for (int i = 0; i < 12; ++i) {
      normal += static_cast<double>(random.Below(1'000'000)) / 1e6;
    }
    return static_cast<std::int64_t>(middle * std::exp(spread * normal));
  };

  RunRecord run;
  run.workload = "binary-trees";
  run.args = {"20"};
  run.policy = "genimmix";
  run.options = "policy=genimmix,nursery=16M,max-heap=4G,pause-target=1ms";
  run.result = "long lived tree of depth 20, check 2097151";
  run.start_ns = 7'000'000'000'000;

  Recorder recorder(options.limits);
  std::int64_t now = run.start_ns;
  std::uint64_t old_bytes = 0;
  std::uint64_t peak = kNursery;
  for (std::uint64_t i = 1; i <= options.collections; ++i) {
    now += around(9e6, 0.25);
    if (options.in_steps && i % 8 > 1 && i % 8 < 6) {
      gc::StepEvent step;
      step.requested_ns = now;
      step.start_ns = now + around(2e3, 0.5);
      step.end_ns = step.start_ns + around(400e3, 0.2);
      step.processor_ns = (step.end_ns - step.start_ns) * 15 / 16;
      step.marked_bytes = kMiB;
      recorder.OnStep(step);
      now = step.end_ns + around(1e6, 0.2);
    }
    gc::CollectionEvent event;
    const bool is_major =
        options.major_each != 0 && i % options.major_each == 0;
    event.number = i;
    event.kind =
        is_major ? gc::CollectionKind::kMajor : gc::CollectionKind::kMinor;
    event.reason = is_major ? gc::CollectionReason::kHeapGrowth
                            : gc::CollectionReason::kNurseryFull;
    if (options.in_steps && !is_major) {
      constexpr gc::CyclePart kParts[] = {
          gc::CyclePart::kNone,     gc::CyclePart::kStart,
          gc::CyclePart::kRemark,   gc::CyclePart::kRemark,
          gc::CyclePart::kRemark,   gc::CyclePart::kFinish,
          gc::CyclePart::kEvacuate, gc::CyclePart::kEvacuate};
      event.cycle_part = kParts[i % 8];
    }
    const double grown = 1 - std::exp(-6.0 * static_cast<double>(i) /
                                      static_cast<double>(options.collections));
    const double survival = 0.03 + 0.3 * (1 - grown);
    const auto survived =
        static_cast<std::uint64_t>(around(kNursery * survival, 0.3));
    event.young_before_bytes = kNursery;
    event.survived_bytes = std::min(survived, kNursery) * 2 / 3;
    event.promoted_bytes = std::min(survived, kNursery) / 3;
    event.heap_before_bytes = old_bytes + kNursery + survived / 2;
    old_bytes += event.promoted_bytes;
    double pause = 120e3 + 0.25 * static_cast<double>(survived);
    if (is_major) {
      pause = 0.9e6 + 0.03 * static_cast<double>(old_bytes);
      event.evacuated_bytes = old_bytes / 20;
      old_bytes = static_cast<std::uint64_t>(static_cast<double>(old_bytes) *
                                             (0.55 + 0.3 * grown));
    }
    event.heap_after_bytes = old_bytes + event.survived_bytes;
    event.old_after_bytes = old_bytes;
    event.requested_ns = now;
    event.start_ns = now + around(4e3, 0.8);
    event.end_ns = event.start_ns + around(pause * options.pause_scale, 0.22);
    event.processor_ns = event.pause_ns() * 15 / 16;
    event.phase_ns =
        Split(event.pause_ns(), is_major ? kMajorShares : kMinorShares);
    run.allocated_bytes += kNursery;
    event.allocated_bytes = run.allocated_bytes;
    event.dirty_cards = static_cast<std::size_t>(around(900, 0.5));
    event.root_slots = static_cast<std::size_t>(around(60, 0.3));
    event.tenuring_threshold = 2;
    event.nursery_bytes = kNursery;
    event.next_major_bytes = old_bytes * 2;
    now = event.end_ns;
    peak = std::max<std::uint64_t>(peak, event.heap_before_bytes);
    recorder.OnCollection(event);
  }
  now += around(5e6, 0.2);
  run.allocated_bytes += kNursery / 2;
  run.allocated_objects = run.allocated_bytes / 32;

  run.collections = recorder.Log();
  run.wall_ns = now - run.start_ns;
  run.mutator_ns = run.wall_ns - run.collections.pause_total_ns();
  run.promoted_bytes = run.collections.promoted_bytes;
  run.heap_live_bytes = old_bytes;
  run.heap_peak_bytes = peak;
  run.external_bytes = 3 * kMiB;
  run.external = {{"buffers", 2 * kMiB}, {"textures", kMiB}};
  run.peak_rss_bytes = peak + 40 * kMiB;
  if (options.has_operations) {
    Histogram& operations = run.operations.emplace();
    for (int i = 0; i < 200'000; ++i) operations.Record(around(420, 0.5));
    for (const BusyPeriod& pause : run.collections.busy_periods) {
      operations.Record(pause.busy_ns + around(420, 0.5));
    }
  }
  return run;
}

}  // namespace fledge::tools
