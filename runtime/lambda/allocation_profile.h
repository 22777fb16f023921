// AllocationProfile: what a program allocates and keeps, by type and by the
// procedure that made it, estimated from samples.
//
//   AllocationProfile profile(vm);             // Samples from here on.
//   Session session(vm);
//   profile.SetSources(session.sources());     // Procedures from here on.
//   ...
//   profile.End();
//   for (const AllocationProfile::Row& row : profile.Rows()) ...
//
// An object counts for the newest frame that is of the program's own text: what
// a procedure of the library makes is its caller's, with the name of the
// procedure beside it. What is made where no such frame runs, as when a form is
// read and compiled, is Lambda's own.
//
// Each sampled object is followed until a collection finds it dead, so that
// there are figures of the heap as well, and of its peak: as it was after the
// collection after which most was left.
//
// Design: docs/design/allocation_samples.md.
//
// Threads: the machine's; collecting threads in pauses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gc/allocation_sampler.h"
#include "gc/collection.h"
#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/lambda/sources.h"
#include "runtime/lambda/vm.h"

namespace fledge::lambda {

class AllocationProfile final : public gc::AllocationSampler,
                                public gc::WeakSet<runtime::ValueModel>,
                                public gc::CollectionListener {
 public:
  using Word = runtime::Value::Word;

  // What samples stand for.
  struct Amount {
    std::uint64_t samples = 0;
    double objects = 0;
    double bytes = 0;
  };
  struct Row {
    std::string type;
    std::string function;  // Empty: Lambda itself, or see is_form.
    Position function_at;  // Where it is written; or no place.
    bool is_form = false;  // No procedure, but a form of a text.
    bool is_own = false;   // Lambda itself: there was no procedure.
    Position at;           // What allocated; or no place.
    std::string through;   // What the procedure had called; empty if nothing.
    Amount allocated;
    Amount live;  // Now, as far as collections have found out,
    Amount peak;  // and after the collection that left most.
  };

  // Of `vm`, whose mutator has no sampler, and which outlives it.
  explicit AllocationProfile(Vm& vm, const gc::SamplingOptions& options = {});
  ~AllocationProfile() override;

  // Borrowed until End().
  void SetSources(const Sources& sources) { sources_ = &sources; }
  // Samples no more; what was sampled is followed all the same.
  void End();

  const std::vector<Row>& Rows() const { return rows_; }
  std::uint64_t samples() const { return samples_; }
  std::size_t interval_bytes() const { return interval_bytes_; }

  void OnAllocation(std::size_t size_bytes, gc::SiteId site) override;
  void OnInitialized(Address object) override;
  void OnCollection(const gc::CollectionEvent& event) override;
  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(samples_alive_.size());
  }
  void Process(gc::WeakTrace<runtime::ValueModel>& trace,
               std::uint32_t i) override;

 private:
  struct Sample {
    Word object = 0;  // Empty: the place is not used.
    std::uint32_t row = 0;
    double objects = 0;
    double bytes = 0;
  };

  // Where the program is, of a new row.
  Row Place() const;
  std::uint32_t RowFor(Row&& row);
  void NotePeak();

  Vm& vm_;
  const Sources* sources_ = nullptr;
  const std::size_t interval_bytes_;
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::uint32_t> row_by_key_;
  Row pending_;
  std::size_t pending_bytes_ = 0;
  std::vector<Sample> samples_alive_;
  std::vector<std::uint32_t> unused_;
  std::uint64_t samples_ = 0;
  double live_bytes_ = 0;
  double peak_bytes_ = 0;
  std::unique_ptr<gc::WeakSet<runtime::ValueModel>,
                  std::function<void(gc::WeakSet<runtime::ValueModel>*)>>
      registration_;
};

}  // namespace fledge::lambda
