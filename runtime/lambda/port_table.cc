#include "runtime/lambda/port_table.h"

#include <algorithm>
#include <utility>

#include "runtime/lambda/output_stream.h"
#include "runtime/lambda/port_error.h"
#include "runtime/objects.h"
#include "runtime/port_layout.h"

namespace fledge::lambda {

using runtime::Value;

namespace {

// A slice of what was found dead: some ten microseconds.
constexpr std::size_t kSliceStreams = 50;

// There is nobody left to hear of errors.
void CloseQuietly(Stream& stream) {
  try {
    stream.Close();
  } catch (const PortError&) {
  }
}

}  // namespace

PortTable::PortTable(runtime::Heap& heap)
    : gc::WeakSet<runtime::ValueModel>(gc::WeakPhase::kTables),
      heap_(heap),
      tag_(heap.external().TagOf("ports")),
      registration_(heap.RegisterWeakSet(*this)) {}

PortTable::~PortTable() {
  registration_.reset();
  for (Place& place : places_) {
    if (place.stream != nullptr) dropped_.push_back(std::move(place.stream));
  }
  CloseDropped();
  for (const auto& stream : dead_) Forget(*stream);
}

Value PortTable::Make(runtime::Mutator& mutator,
                      std::unique_ptr<Stream> stream) {
  Stream& made = *stream;
  const Address object =
      mutator.Allocate(runtime::SizeOf(runtime::ObjectType::kPort),
                       runtime::internal::KindOf(runtime::ObjectType::kPort));
  const Value port = runtime::Port::Initialize(object, &made).value();
  {
    const std::lock_guard lock(mutex_);
    if (unused_.empty()) {
      unused_.push_back(size());
      places_.emplace_back();
    }
    made.place_ = unused_.back();
    unused_.pop_back();
    places_[made.place_] = {port.word(), std::move(stream)};
    mutator.NoteWeak(*this, made.place_, port.word());
  }
  const runtime::HandleScope scope(mutator);
  const runtime::Local kept(mutator, port);
  Report(mutator, made);
  return kept.get();
}

void PortTable::Report(runtime::Mutator& mutator, Stream& stream) {
  const std::size_t bytes = stream.is_open() ? stream.memory_bytes() : 0;
  if (bytes == stream.reported_bytes_) [[likely]]
    return;
  const auto before = std::exchange(stream.reported_bytes_, bytes);
  mutator.AdjustExternal(static_cast<std::ptrdiff_t>(bytes - before), tag_);
}

void PortTable::Forget(Stream& stream) {
  heap_.external().Adjust(
      -static_cast<std::ptrdiff_t>(std::exchange(stream.reported_bytes_, 0)),
      tag_);
}

void PortTable::FlushAll() {
  for (const Place& place : places_) {
    if (place.stream == nullptr || !place.stream->is_open()) continue;
    OutputStream* const output = place.stream->output();
    if (output == nullptr) continue;
    try {
      output->Flush();
    } catch (const PortError&) {
    }
  }
}

void PortTable::CloseDropped() {
  std::vector<std::unique_ptr<Stream>> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(dropped_);
  }
  for (const auto& stream : dropped) {
    CloseQuietly(*stream);
    Forget(*stream);
  }
}

std::size_t PortTable::count() {
  const std::lock_guard lock(mutex_);
  return places_.size() - unused_.size();
}

std::size_t PortTable::dropped_count() {
  const std::lock_guard lock(mutex_);
  return dropped_.size();
}

void PortTable::Process(gc::WeakTrace<runtime::ValueModel>& trace,
                        std::uint32_t i) {
  Place& place = places_[i];
  if (place.port == 0 || trace.Update(&place.port)) return;
  const bool has_file = place.stream->has_file();
  (has_file ? dropped_ : dead_).push_back(std::move(place.stream));
  SettleLater();
  place = {};
  unused_.push_back(i);
}

bool PortTable::Settle() {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < kSliceStreams && !dead_.empty(); ++i) {
    Forget(*dead_.back());
    dead_.pop_back();
  }
  return dead_.empty();
}

}  // namespace fledge::lambda
