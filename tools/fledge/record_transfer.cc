#include "tools/fledge/record_transfer.h"

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace fledge::tools {
namespace {

// Each Transfer() below says once which fields there are; a sink writes them
// and a source reads them.
class Sink {
 public:
  template <typename T>
  void Value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  template <typename Items>
  void Sequence(const Items& items) {
    Value(std::uint64_t{items.size()});
    bytes_.append(reinterpret_cast<const char*>(items.data()),
                  items.size() * sizeof(items[0]));
  }
  void Strings(const std::vector<std::string>& strings) {
    Value(std::uint64_t{strings.size()});
    for (const std::string& string : strings) Sequence(string);
  }
  void Rows(const std::vector<allocator::ExternalBytes::Row>& rows) {
    Value(std::uint64_t{rows.size()});
    for (const auto& row : rows) {
      Sequence(row.name);
      Value(std::uint64_t{row.bytes});
    }
  }
  void OfHistogram(const Histogram& histogram) { Sequence(histogram.State()); }

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Source {
 public:
  explicit Source(std::string_view bytes) : rest_(bytes) {}

  template <typename T>
  void Value(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    Bytes(&value, sizeof(value));
  }
  template <typename Items>
  void Sequence(Items& items) {
    std::uint64_t count = 0;
    Value(count);
    if (count > rest_.size()) good_ = false;
    if (!good_) return;
    items.resize(count);
    Bytes(items.data(), count * sizeof(items[0]));
  }
  void Strings(std::vector<std::string>& strings) {
    std::uint64_t count = 0;
    Value(count);
    if (count > rest_.size()) good_ = false;
    if (!good_) return;
    strings.resize(count);
    for (std::string& string : strings) Sequence(string);
  }
  void Rows(std::vector<allocator::ExternalBytes::Row>& rows) {
    std::uint64_t count = 0;
    Value(count);
    if (count > rest_.size()) good_ = false;
    if (!good_) return;
    rows.resize(count);
    for (auto& row : rows) {
      Sequence(row.name);
      Value(row.bytes);
    }
  }
  void OfHistogram(Histogram& histogram) {
    std::vector<std::uint64_t> words;
    Sequence(words);
    good_ = good_ && histogram.Restore(words);
  }

  bool good() const { return good_ && rest_.empty(); }

 private:
  void Bytes(void* to, std::size_t count) {
    if (count > rest_.size()) good_ = false;
    if (!good_ || count == 0) return;
    std::memcpy(to, rest_.data(), count);
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  bool good_ = true;
};

template <typename Log, typename Stream>
void TransferLog(Log& log, Stream& stream) {
  for (auto& of_kind : log.by_kind) {
    stream.OfHistogram(of_kind.pauses);
    stream.Value(of_kind.phase_ns);
    stream.Value(of_kind.stride);
  }
  for (auto& of_part : log.cycle_parts) stream.OfHistogram(of_part);
  stream.OfHistogram(log.steps.pauses);
  stream.OfHistogram(log.on_processor);
  stream.Value(log.steps.marked_bytes);
  stream.Value(log.steps.stride);
  stream.Sequence(log.steps.events);
  stream.Value(log.promoted_bytes);
  stream.Value(log.born_old_bytes);
  stream.Value(log.peak_heap_bytes);
  stream.Value(log.longest_time_to_safepoint_ns);
  stream.Sequence(log.events);
  stream.Sequence(log.longest);
  stream.Sequence(log.busy_periods);
}

template <typename Record, typename Stream>
void TransferRecord(Record& record, Stream& stream) {
  stream.Sequence(record.workload);
  stream.Strings(record.args);
  stream.Sequence(record.policy);
  stream.Sequence(record.options);
  stream.Sequence(record.result);
  stream.Value(record.start_ns);
  stream.Value(record.wall_ns);
  stream.Value(record.mutator_ns);
  stream.Value(record.allocated_bytes);
  stream.Value(record.allocated_objects);
  stream.Value(record.promoted_bytes);
  stream.Value(record.heap_live_bytes);
  stream.Value(record.heap_peak_bytes);
  stream.Value(record.external_bytes);
  stream.Rows(record.external);
  stream.Value(record.peak_rss_bytes);
  TransferLog(record.collections, stream);
}

}  // namespace

std::string RecordBytes(const RunRecord& record) {
  Sink sink;
  TransferRecord(record, sink);
  sink.Value(record.operations.has_value());
  if (record.operations.has_value()) sink.OfHistogram(*record.operations);
  return sink.Take();
}

std::optional<RunRecord> RecordFromBytes(std::string_view bytes) {
  Source source(bytes);
  RunRecord record;
  TransferRecord(record, source);
  bool has_operations = false;
  source.Value(has_operations);
  if (has_operations) source.OfHistogram(record.operations.emplace());
  if (!source.good()) return std::nullopt;
  return record;
}

}  // namespace fledge::tools
