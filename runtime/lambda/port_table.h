// PortTable: the streams of the ports that are alive, and of those that were
// dropped and have a file yet.
//
// A stream belongs to its port. When a collection has found the port dead,
// memory is freed soon after; a file is written and closed by the next call of
// CloseDropped(), on the machine's thread and not in a pause: when a port is
// opened, or with the machine.
//
// What streams have outside the heap is reported to it, under "ports".
//
// Design: docs/design/lambda_ports.md, docs/design/weak_sets.md.
//
// Threads: the machine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/lambda/stream.h"
#include "runtime/value.h"

namespace fledge::lambda {

class PortTable : public gc::WeakSet<runtime::ValueModel> {
 public:
  using Value = runtime::Value;
  using Word = runtime::Value::Word;

  // Of ports of `heap`, which must outlive it.
  explicit PortTable(runtime::Heap& heap);
  // Flushes and closes all; what cannot be written is lost.
  ~PortTable() override;

  // A port that has `stream`. May collect.
  runtime::Value Make(runtime::Mutator& mutator,
                      std::unique_ptr<Stream> stream);
  // After a stream may have grown, or was closed. May collect.
  void Report(runtime::Mutator& mutator, Stream& stream);

  // Writes what all ports have to write. What cannot be written is lost.
  void FlushAll();
  // Flushes and closes those with files whose ports are dead.
  void CloseDropped();

  // Streams of ports that are not known to be dead, and of those that are and
  // wait for CloseDropped().
  std::size_t count();
  std::size_t dropped_count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Process(gc::WeakTrace<runtime::ValueModel>& trace,
               std::uint32_t i) override;
  bool Settle() override;

 private:
  struct Place {
    Word port = 0;  // Empty: the place is not used.
    std::unique_ptr<Stream> stream;
  };

  // What it had is no longer outside the heap.
  void Forget(Stream& stream);

  runtime::Heap& heap_;
  const allocator::ExternalBytes::Tag tag_;
  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  std::vector<std::unique_ptr<Stream>> dead_;     // Without files.
  std::vector<std::unique_ptr<Stream>> dropped_;  // With files.
  std::unique_ptr<gc::WeakSet<runtime::ValueModel>,
                  std::function<void(gc::WeakSet<runtime::ValueModel>*)>>
      registration_;
};

}  // namespace fledge::lambda
