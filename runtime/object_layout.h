// Object layout: where the parts of each type lie, and typed views of them.
//
//           +0        +8             +16            +24
//   float   header    double
//   string  header    UTF-8 bytes, then zeros up to a multiple of 8
//   bytes   header    bytes, then zeros up to a multiple of 8
//   pair    header    car            cdr
//   box     header    value
//   symbol  header    name: string   hash
//   keyword header    symbol
//   map     header    table: vector  count          used
//   vector  header    item 0         item 1         ...
//   weak    header    target
//   table   header    entries
//   buffer  header    memory         bytes          place
//   stack   header    content        frames
//
// A view is an object's raw address with a type: `Pair(value).car()`. It is a
// reference that no collector sees, so a view, and any span or string_view
// taken from it, is valid until the next call that may collect. Keep handles
// across such calls.
//
// Views read. What stores a reference into an object that a collection may
// have seen goes through the mutator, on the slot that a view names:
// `mutator.Write(pair.car_slot(), value.word())`. Initialize() is for objects
// that no collection has seen: fresh memory of the object's size from the
// allocator, with no call that may collect since. It stores plainly.
//
// Design: docs/design/value_model.md. The hash of a map: runtime/map.h.
//
// Threads: reads of slots are relaxed atomic loads, so mutators may race with
// Write(); reads of bytes and doubles are plain.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "allocator/base/address.h"
#include "allocator/base/check.h"
#include "runtime/object_header.h"
#include "runtime/value.h"

namespace fledge::runtime {

class StackFrames;
class WeakTable;

inline Value LoadSlot(Value::Word* slot) {
  return Value::FromWord(
      std::atomic_ref(*slot).load(std::memory_order_relaxed));
}

// True if `value` refers to an object of `type`. The header is read.
inline bool Is(Value value, ObjectType type) {
  return value.IsReference() &&
         TypeFrom(gc::LoadHeader(value.object())) == type;
}

// What all views share. REQUIRES: the value refers to an object of kType.
template <ObjectType kType>
class View {
 public:
  explicit View(Value value) : object_(value.object()) {
    FLEDGE_DCHECK(Is(value, kType), "an object of another type");
  }

  Address object() const { return object_; }
  Value value() const { return Value::Reference(object_); }
  std::size_t length() const { return LengthFrom(gc::LoadHeader(object_)); }

 protected:
  // The `i`-th word after the header.
  std::uint64_t* WordAt(std::size_t i) const {
    return reinterpret_cast<std::uint64_t*>(object_ + kHeaderBytes) + i;
  }
  char* Data() const { return reinterpret_cast<char*>(object_ + kHeaderBytes); }

  static Value StartObject(Address object, std::size_t length = 0) {
    gc::StoreHeader(object, MakeHeader(kType, length));
    return Value::Reference(object);
  }

 private:
  Address object_;
};

class Float : public View<ObjectType::kFloat> {
 public:
  using View::View;

  static Float Initialize(Address object, double number) {
    Float view(StartObject(object));
    *view.WordAt(0) = std::bit_cast<std::uint64_t>(number);
    return view;
  }

  double number() const { return std::bit_cast<double>(*WordAt(0)); }
};

class String : public View<ObjectType::kString> {
 public:
  using View::View;

  // REQUIRES: text.size() <= kLargestLength. Costs O(length).
  static String Initialize(Address object, std::string_view text) {
    String view(StartObject(object, text.size()));
    if (text.empty()) return view;
    *view.WordAt((text.size() - 1) / kWordBytes) = 0;  // For the padding.
    std::memcpy(view.Data(), text.data(), text.size());
    return view;
  }

  // The bytes, which ought to be UTF-8: nothing here checks it.
  std::string_view text() const { return {Data(), length()}; }
};

class Bytes : public View<ObjectType::kBytes> {
 public:
  using View::View;

  // All bytes are zero. REQUIRES: length <= kLargestLength. Costs O(length).
  static Bytes Initialize(Address object, std::size_t length) {
    Bytes view(StartObject(object, length));
    std::memset(view.Data(), 0, AlignUp(length, kWordBytes));
    return view;
  }

  std::span<std::uint8_t> bytes() const {
    return {reinterpret_cast<std::uint8_t*>(Data()), length()};
  }
};

class Pair : public View<ObjectType::kPair> {
 public:
  using View::View;

  static Pair Initialize(Address object, Value car, Value cdr) {
    Pair view(StartObject(object));
    *view.car_slot() = car.word();
    *view.cdr_slot() = cdr.word();
    return view;
  }

  Value car() const { return LoadSlot(car_slot()); }
  Value cdr() const { return LoadSlot(cdr_slot()); }
  Value::Word* car_slot() const { return WordAt(0); }
  Value::Word* cdr_slot() const { return WordAt(1); }
};

class Box : public View<ObjectType::kBox> {
 public:
  using View::View;

  static Box Initialize(Address object, Value content) {
    Box view(StartObject(object));
    *view.content_slot() = content.word();
    return view;
  }

  Value content() const { return LoadSlot(content_slot()); }
  Value::Word* content_slot() const { return WordAt(0); }
};

class Symbol : public View<ObjectType::kSymbol> {
 public:
  using View::View;

  // `hash` is HashText() of the name's text: runtime/hash.h.
  static Symbol Initialize(Address object, String name, std::uint64_t hash) {
    Symbol view(StartObject(object));
    *view.name_slot() = name.value().word();
    *view.WordAt(1) = hash;
    return view;
  }

  String name() const { return String(LoadSlot(name_slot())); }
  std::uint64_t hash() const { return *WordAt(1); }
  Value::Word* name_slot() const { return WordAt(0); }
};

// A name that stands for itself; one for each symbol, by whoever makes them.
class Keyword : public View<ObjectType::kKeyword> {
 public:
  using View::View;

  static Keyword Initialize(Address object, Value symbol) {
    Keyword view(StartObject(object));
    *view.WordAt(0) = symbol.word();
    return view;
  }

  Symbol symbol() const { return Symbol(LoadSlot(WordAt(0))); }
};

class Vector : public View<ObjectType::kVector> {
 public:
  using View::View;

  // All items are `fill`. REQUIRES: length <= kLargestLength. Costs
  // O(length).
  static Vector Initialize(Address object, std::size_t length, Value fill) {
    Vector view(StartObject(object, length));
    for (std::size_t i = 0; i < length; ++i) *view.WordAt(i) = fill.word();
    return view;
  }

  // REQUIRES: i < length().
  Value item(std::size_t i) const { return LoadSlot(item_slot(i)); }
  Value::Word* item_slot(std::size_t i) const {
    FLEDGE_DCHECK(i < length());
    return WordAt(i);
  }
};

// A reference that keeps nothing alive: runtime/weak_references.h. The word of
// the target is no slot.
class WeakReference : public View<ObjectType::kWeakReference> {
 public:
  using View::View;

  static WeakReference Initialize(Address object, Value target) {
    WeakReference view(StartObject(object));
    *view.target_word() = target.word();
    return view;
  }

  // Empty if it is dead.
  Value target() const { return LoadSlot(target_word()); }
  Value::Word* target_word() const { return WordAt(0); }
};

// A weak table of C++ (runtime/weak_table.h), whose life is that of the object.
class WeakTableObject : public View<ObjectType::kWeakTable> {
 public:
  using View::View;

  static WeakTableObject Initialize(Address object, WeakTable& table) {
    WeakTableObject view(StartObject(object));
    *view.WordAt(0) = reinterpret_cast<std::uintptr_t>(&table);
    return view;
  }

  // As long as the object is alive.
  WeakTable& table() const { return *reinterpret_cast<WeakTable*>(*WordAt(0)); }
};

// Memory outside the heap (runtime/buffers.h), which does not move.
class Buffer : public View<ObjectType::kBuffer> {
 public:
  using View::View;

  static constexpr std::size_t kLength = 3 * kWordBytes;

  static Buffer Initialize(Address object, std::span<std::byte> bytes,
                           std::uint32_t place) {
    Buffer view(StartObject(object, kLength));
    view.SetBytes(bytes);
    *view.WordAt(2) = place;
    return view;
  }

  // Empty if it was released. As long as the object is alive, and nobody
  // releases or resizes the buffer.
  std::span<std::byte> bytes() const {
    return {reinterpret_cast<std::byte*>(*WordAt(0)), *WordAt(1)};
  }
  // For runtime/buffers.h.
  void SetBytes(std::span<std::byte> bytes) const {
    *WordAt(0) = reinterpret_cast<std::uintptr_t>(bytes.data());
    *WordAt(1) = bytes.size();
  }
  std::uint32_t place() const { return static_cast<std::uint32_t>(*WordAt(2)); }
};

// The frames of a coroutine (runtime/stacks.h), which are kept, and keep what
// they refer to, as long as the object is alive.
class Stack : public View<ObjectType::kStack> {
 public:
  using View::View;

  static Stack Initialize(Address object, Value content, StackFrames& frames) {
    Stack view(StartObject(object));
    *view.content_slot() = content.word();
    *view.WordAt(1) = reinterpret_cast<std::uintptr_t>(&frames);
    return view;
  }

  // What the program keeps with it: what it is to do, or who waits for it.
  Value content() const { return LoadSlot(content_slot()); }
  Value::Word* content_slot() const { return WordAt(0); }
  StackFrames& frames() const {
    return *reinterpret_cast<StackFrames*>(*WordAt(1));
  }
};

// A hash table; the entries are in `table`, a vector of keys and values by
// turns, or empty if the map has never had an entry. See runtime/map.h.
class Map : public View<ObjectType::kMap> {
 public:
  using View::View;

  static Map Initialize(Address object) {
    Map view(StartObject(object));
    *view.table_slot() = Value().word();
    view.SetCounts(0, 0);
    return view;
  }

  Value table() const { return LoadSlot(table_slot()); }
  Value::Word* table_slot() const { return WordAt(0); }

  // Entries that are there, and those with the removed ones that still take
  // room in the table.
  std::size_t count() const { return *WordAt(1); }
  std::size_t used() const { return *WordAt(2); }
  void SetCounts(std::size_t count, std::size_t used) const {
    FLEDGE_DCHECK(count <= used);
    *WordAt(1) = count;
    *WordAt(2) = used;
  }
};

}  // namespace fledge::runtime
