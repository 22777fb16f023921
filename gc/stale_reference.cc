#include "gc/stale_reference.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace fledge::gc {

void PrintLikelyMistake(const std::vector<FoundWord>& found) {
  const auto first_in = [&](WordPlace place) {
    return std::find_if(found.begin(), found.end(), [&](const FoundWord& word) {
      return word.place == place;
    });
  };
  auto culprit = first_in(WordPlace::kStaticData);
  if (culprit == found.end()) culprit = first_in(WordPlace::kOtherMemory);
  if (culprit != found.end()) {
    std::fprintf(stderr,
                 "  likely: a root that was not registered: the word at "
                 "0x%" PRIxPTR
                 " (%s) is not known to the heap; register its "
                 "memory with RegisterRoots() or use a Persistent\n",
                 culprit->address, culprit->details.c_str());
  } else if (culprit = first_in(WordPlace::kNativeStack);
             culprit != found.end()) {
    std::fprintf(stderr,
                 "  likely: a raw reference held across a collection: a local "
                 "variable at 0x%" PRIxPTR
                 " (%s) was kept over a call that "
                 "may collect; keep it in a Local, or pin the object\n",
                 culprit->address, culprit->details.c_str());
  } else {
    std::fprintf(stderr,
                 "  likely: unknown: no other copy of the word is left in the "
                 "process\n");
  }
  for (const FoundWord& word : found) {
    std::fprintf(stderr, "  found:  at 0x%" PRIxPTR " in %s\n", word.address,
                 word.details.c_str());
  }
}

}  // namespace fledge::gc
