#include "runtime/lambda/allocation_profile.h"

#include <utility>

#include "runtime/lambda/function.h"
#include "runtime/lambda/primitive.h"
#include "runtime/lambda/type_names.h"
#include "runtime/procedure_layout.h"

namespace fledge::lambda {
namespace {

// How far it is looked for the program's own frame: procedures of the library
// may recurse as deep as the program's data is.
constexpr std::size_t kMostFrames = 1'000;

Position PlaceIn(const FrameView& frame) {
  const Function& function = *frame.function;
  const std::uint32_t next = frame.instruction;
  const bool is_known = next != 0 && next <= function.instruction_count;
  return is_known ? function.PositionOf(next - 1) : Position();
}

std::string_view NameOfCallee(const FrameView& frame) {
  if (frame.function != nullptr) return frame.function->name;
  if (!Is(frame.callee, ObjectType::kPrimitive)) return {};
  return static_cast<const Primitive*>(
             runtime::PrimitiveObject(frame.callee).entry())
      ->name;
}

void AppendTo(std::string& key, const Position& at) {
  for (const std::uint32_t part : {at.source, at.line, at.column}) {
    key.append(reinterpret_cast<const char*>(&part), sizeof(part));
  }
}

void Add(AllocationProfile::Amount& to, double objects, double bytes) {
  ++to.samples;
  to.objects += objects;
  to.bytes += bytes;
}

void Take(AllocationProfile::Amount& from, double objects, double bytes) {
  from.objects -= objects;
  from.bytes -= bytes;
  // Sums of fractions: nothing has to be exactly nothing.
  if (--from.samples == 0) from = {};
}

}  // namespace

AllocationProfile::AllocationProfile(Vm& vm, const gc::SamplingOptions& options)
    : gc::WeakSet<runtime::ValueModel>(gc::WeakPhase::kTables),
      vm_(vm),
      interval_bytes_(options.interval_bytes),
      registration_(vm.heap().RegisterWeakSet(*this)) {
  vm.heap().AddListener(this);
  vm.mutator().SampleAllocations(*this, options);
}

AllocationProfile::~AllocationProfile() {
  End();
  vm_.heap().RemoveListener(this);
}

void AllocationProfile::End() {
  vm_.mutator().EndSampling();
  sources_ = nullptr;
  NotePeak();
}

AllocationProfile::Row AllocationProfile::Place() const {
  Row row;
  row.is_own = true;
  if (sources_ == nullptr) return row;
  const auto is_programs = [this](const Position& at) {
    return at.line != 0 && !sources_->IsLibrary(at.source);
  };
  std::size_t count = 0;
  vm_.VisitFrames([&](const FrameView& frame) {
    if (frame.function != nullptr) {
      const Function& function = *frame.function;
      const Position at = PlaceIn(frame);
      // A macro of the library may have brought the one or the other.
      if (is_programs(function.written_at) || is_programs(at)) {
        row.is_own = false;
        row.is_form = function.is_form;
        row.function = function.name;
        row.function_at =
            is_programs(function.written_at) ? function.written_at : at;
        row.at = is_programs(at) ? at : function.written_at;
        return false;
      }
    }
    const std::string_view name = NameOfCallee(frame);
    if (!name.empty()) row.through = name;
    return ++count < kMostFrames;
  });
  if (row.is_own) row.through.clear();
  return row;
}

void AllocationProfile::OnAllocation(std::size_t size_bytes, gc::SiteId) {
  pending_ = Place();
  pending_bytes_ = size_bytes;
}

std::uint32_t AllocationProfile::RowFor(Row&& row) {
  std::string key = row.type;
  key += '\0';
  key += row.function;
  key += '\0';
  key += row.through;
  key += '\0';
  AppendTo(key, row.function_at);
  AppendTo(key, row.at);
  const auto [found, is_new] = row_by_key_.try_emplace(
      std::move(key), static_cast<std::uint32_t>(rows_.size()));
  if (is_new) rows_.push_back(std::move(row));
  return found->second;
}

void AllocationProfile::OnInitialized(Address object) {
  const double weight = gc::SampleWeight(pending_bytes_, interval_bytes_);
  pending_.type = TypeNameOf(object);
  Sample sample;
  sample.object = runtime::Value::Reference(object).word();
  sample.row = RowFor(std::move(pending_));
  sample.objects = weight;
  sample.bytes = weight * static_cast<double>(pending_bytes_);
  ++samples_;
  Row& row = rows_[sample.row];
  Add(row.allocated, sample.objects, sample.bytes);
  Add(row.live, sample.objects, sample.bytes);
  live_bytes_ += sample.bytes;

  if (unused_.empty()) {
    unused_.push_back(size());
    samples_alive_.emplace_back();
  }
  const std::uint32_t i = unused_.back();
  unused_.pop_back();
  samples_alive_[i] = sample;
  vm_.mutator().NoteWeak(*this, i, sample.object);
}

void AllocationProfile::Process(gc::WeakTrace<runtime::ValueModel>& trace,
                                std::uint32_t i) {
  Sample& sample = samples_alive_[i];
  if (sample.object == 0 || trace.Update(&sample.object)) return;
  Take(rows_[sample.row].live, sample.objects, sample.bytes);
  live_bytes_ -= sample.bytes;
  sample = {};
  unused_.push_back(i);
}

void AllocationProfile::OnCollection(const gc::CollectionEvent&) { NotePeak(); }

void AllocationProfile::NotePeak() {
  if (live_bytes_ <= peak_bytes_) return;
  peak_bytes_ = live_bytes_;
  for (Row& row : rows_) row.peak = row.live;
}

}  // namespace fledge::lambda
