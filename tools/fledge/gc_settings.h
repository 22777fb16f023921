// GcSettings: a heap's options as the user gave them, by FLEDGE_GC in the
// environment and by --gc, which wins key by key.
//
// Threads: one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gc/heap_options.h"

namespace fledge::tools {

struct GcSettings {
  gc::HeapOptions options;
  std::string text;  // What was given, as --gc takes it; options' text form.
};

// Sets in `settings` what `environment` and then `flag` say; either may be
// null. What neither says stays as it is in `settings.options`. Returns what
// was wrong, where, and what would be right, or nothing.
std::optional<std::string> TakeGcSettings(const char* environment,
                                          const std::string* flag,
                                          GcSettings& settings);

}  // namespace fledge::tools
