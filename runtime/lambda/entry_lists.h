// Entry lists: the lists of keys, of values, and of both in pairs, that
// programs get of maps and of hash tables.
//
// Design: docs/design/lambda_extensions.md. Threads: the machine's.
#pragma once

#include <cstdint>

#include "runtime/lambda/argument_checks.h"
#include "runtime/lambda/lists.h"
#include "runtime/lambda/vm.h"
#include "runtime/objects.h"

namespace fledge::lambda {

enum class EntryPart : std::uint8_t { kKey, kValue, kBoth };

// `next` gives the next entry, which has a key and a value, of an object that
// may have moved since; the key of the last is empty. Empty after an error: the
// list may have no room. May collect. O(entries).
template <EntryPart kPart, typename Next>
Value ListEntries(Vm& vm, Next next) {
  runtime::Mutator& mutator = vm.mutator();
  const runtime::HandleScope scope(mutator);
  ListBuilder list(mutator);
  while (true) {
    const auto entry = next();
    if (entry.key.IsEmpty()) return list.list();
    if (!MayGoOn(vm)) return Value();
    if constexpr (kPart == EntryPart::kKey) {
      list.Add(entry.key);
    } else if constexpr (kPart == EntryPart::kValue) {
      list.Add(entry.value);
    } else {
      list.Add(runtime::MakePair(mutator, entry.key, entry.value));
    }
  }
}

}  // namespace fledge::lambda
