#include "tools/fledge/gc_settings.h"

#include <vector>

#include "gc/option_text.h"

namespace fledge::tools {
namespace {

constexpr std::string_view kFlag = "--gc: ";
constexpr std::string_view kEnvironment = "FLEDGE_GC: ";

std::vector<std::string_view> Items(std::string_view text) {
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    items.push_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size()
                                                       : comma + 1);
  }
  return items;
}

std::string_view KeyOf(std::string_view item) {
  return item.substr(0, item.find('='));
}

// All of `second`, behind those items of `first` whose keys it does not set.
// REQUIRES: both are well-formed.
std::string Overridden(std::string_view first, std::string_view second) {
  const auto added = Items(second);
  std::string text;
  for (const std::string_view item : Items(first)) {
    bool is_set_again = false;
    for (const std::string_view other : added) {
      is_set_again = is_set_again || KeyOf(other) == KeyOf(item);
    }
    if (!is_set_again) text += std::string(item) + ",";
  }
  text += second;
  if (second.empty() && !text.empty()) text.pop_back();
  return text;
}

}  // namespace

std::optional<std::string> TakeGcSettings(const char* environment,
                                          const std::string* flag,
                                          GcSettings& settings) {
  if (environment != nullptr) {
    const auto error = gc::ParseHeapOptions(environment, settings.options);
    if (error) return std::string(kEnvironment) + error->message;
    settings.text = environment;
  }
  if (flag != nullptr) {
    const auto error = gc::ParseHeapOptions(*flag, settings.options);
    if (error) return std::string(kFlag) + error->message;
    settings.text = Overridden(settings.text, *flag);
  }
  return std::nullopt;
}

}  // namespace fledge::tools
