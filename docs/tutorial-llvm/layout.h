// Layout: where the words of a new object are, by
// docs/tutorial-llvm/object_model.h.
//
//   cell      header, head, tail
//   record    header, numbers and truth values, references
//   closure   header, code, captured numbers and truth values, references
//
// Threads: values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "docs/tutorial-llvm/object_model.h"
#include "docs/tutorial-llvm/syntax.h"

namespace nest {

inline constexpr std::size_t kHeaderBytes = 8;
// Whether its head is a reference or not.
inline constexpr std::size_t kHeadOffset = kHeaderBytes;
inline constexpr std::size_t kTailOffset = kHeadOffset + 8;
// Whatever a closure captures.
inline constexpr std::size_t kCodeOffset = kHeaderBytes;

struct Layout {
  explicit Layout(ObjectKind made) : kind(made) {}

  void Add(bool is_reference) {
    is_reference_.push_back(is_reference);
    (is_reference ? slots : raw_words)++;
  }
  // The `i`-th of what was added: raw words come first.
  std::size_t OffsetOf(std::size_t i) const {
    std::size_t before = is_reference_[i] ? raw_words : 0;
    for (std::size_t j = 0; j < i; ++j) {
      if (is_reference_[j] == is_reference_[i]) ++before;
    }
    return kHeaderBytes + 8 * before;
  }
  std::uint64_t Header() const {
    return ObjectModel::MakeHeader(kind, raw_words, slots);
  }
  std::size_t size() const { return ObjectModel::SizeOf(raw_words, slots); }

  ObjectKind kind;
  std::size_t raw_words = 0;
  std::size_t slots = 0;

 private:
  std::vector<bool> is_reference_;
};

inline Layout LayoutOf(const Type* record) {
  Layout layout(ObjectKind::kRecord);
  for (const Field& field : record->fields) {
    layout.Add(field.type->IsReference());
  }
  return layout;
}

inline Layout LayoutOf(const Function& lambda) {
  Layout layout(ObjectKind::kClosure);
  layout.Add(false);  // The code.
  for (const Function::Capture& capture : lambda.captures) {
    layout.Add(capture.inner->type->IsReference());
  }
  return layout;
}

}  // namespace nest
