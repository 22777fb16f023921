#include "allocator/external_bytes.h"

#include <cstdio>

namespace fledge::allocator {

ExternalBytes::Tag ExternalBytes::TagOf(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const std::size_t count = tag_count_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < count; ++i) {
    if (names_[i] == name) return static_cast<Tag>(i);
  }
  FLEDGE_CHECK(count < kMostTags,
               "too many tags of external memory: a tag is a kind of memory, "
               "not a piece of it");
  names_[count] = name;
  tag_count_.store(count + 1, std::memory_order_release);
  return static_cast<Tag>(count);
}

std::vector<ExternalBytes::Row> ExternalBytes::Rows() const {
  const std::lock_guard lock(mutex_);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < tag_count_.load(std::memory_order_relaxed); ++i) {
    rows.push_back({names_[i], bytes(static_cast<Tag>(i))});
  }
  return rows;
}

void ExternalBytes::FailAdjust(std::ptrdiff_t delta_bytes,
                               std::size_t before_bytes, Tag tag) const {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    name = names_[Index(tag)];
  }
  char message[256];
  std::snprintf(message, sizeof message,
                "external memory '%.100s' is adjusted by %td bytes and has "
                "%zu: given back twice, or under another tag?",
                name.c_str(), delta_bytes, before_bytes);
  CheckFailed(__FILE__, __LINE__, "no tag has less than nothing", message);
}

}  // namespace fledge::allocator
