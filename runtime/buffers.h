// Buffers: the memory outside the heap that objects of it own.
//
// A buffer is an object of 32 bytes and memory that does not move: for what the
// operating system reads into, or another library writes to. It comes from an
// arena of the heap's own, and is freed exactly once: when the program releases
// it, or after a collection found the object dead, or with this.
//
//   const Local buffer(mutator, buffers.TryMake(mutator, 64 * kKiB));
//   const BufferPin pin(buffers, mutator, Buffer(buffer.get()));
//   const BlockingRegion region(mutator);       // Others may collect.
//   read(file, pin.bytes().data(), pin.bytes().size());
//
// What buffers take paces collections as objects do.
//
// Design: docs/design/external_memory.md.
//
// Invariants:
//   [em.freed-once]  Memory is freed when nothing leads to it any more, once.
//
// Threads: any mutator's, also at once; a BufferPin may be destroyed by any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "allocator/external_memory.h"
#include "gc/weak_set.h"
#include "runtime/heap.h"
#include "runtime/object_layout.h"
#include "runtime/value.h"

namespace fledge::runtime {

class Buffers : public gc::WeakSet<ValueModel> {
 public:
  using Value = runtime::Value;

  // Of `heap`, which must outlive it. With it the memory of all its buffers
  // goes, and none of them may be used any more.
  explicit Buffers(Heap& heap);

  // A buffer of `size_bytes`, none of them set; empty if there is no memory,
  // after a collection that looked for some. May collect.
  Value TryMake(Mutator& mutator, std::size_t size_bytes);

  // Another size, with what is in it as far as both go, and perhaps elsewhere.
  // False if there is no memory, or the buffer is released or pinned: it is
  // then as it was. May collect. REQUIRES: `buffer` refers to one of these.
  bool TryResize(Mutator& mutator, Local buffer, std::size_t size_bytes);

  // Frees the memory of `buffer` now, or when the last pin is gone, and leaves
  // it empty. False if that was done before. Never collects.
  bool Release(Buffer buffer);

  // Bytes of buffers that are not freed.
  std::size_t used_bytes() const { return memory_.used_bytes(); }
  // Buffers that are not known to be dead, released ones too.
  std::size_t count();

  std::uint32_t size() const override {
    return static_cast<std::uint32_t>(places_.size());
  }
  void Trace(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  void Process(gc::WeakTrace<ValueModel>& trace, std::uint32_t i) override;
  bool Settle() override;

 private:
  friend class BufferPin;

  struct Place {
    Value::Word object = 0;  // Empty: the place is not used.
    void* memory = nullptr;
    std::uint32_t pins = 0;  // Atomic: a pin may end in a pause.
    bool is_released = false;
  };

  void* TryAllocate(Mutator& mutator, std::size_t size_bytes);
  void SettleAll();

  allocator::ExternalMemory memory_;
  std::mutex mutex_;  // Never held at a safepoint.
  std::vector<Place> places_;
  std::vector<std::uint32_t> unused_;
  std::vector<void*> dead_;  // Memory of dead buffers, to be freed.
  std::unique_ptr<gc::WeakSet<ValueModel>,
                  std::function<void(gc::WeakSet<ValueModel>*)>>
      registration_;
};

// Keeps a buffer and its memory for as long as it lives, also where the thread
// is in a BlockingRegion, or on a thread that is not attached.
class BufferPin {
 public:
  // REQUIRES: `buffers` outlives it, and `buffer` is one of them.
  BufferPin(Buffers& buffers, Mutator& mutator, Buffer buffer);
  ~BufferPin();
  BufferPin(const BufferPin&) = delete;
  BufferPin& operator=(const BufferPin&) = delete;

  // Empty if the buffer was released before.
  std::span<std::byte> bytes() const { return bytes_; }

 private:
  Buffers& buffers_;
  const std::uint32_t place_;
  std::span<std::byte> bytes_;
};

}  // namespace fledge::runtime
