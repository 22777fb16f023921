#include "runtime/lambda/datum_scanner.h"

#include <string_view>
#include <utility>

#include "runtime/lambda/text_cursor.h"
#include "runtime/lambda/utf8.h"

namespace fledge::lambda {

std::string DatumScanner::Take() {
  while (!is_complete_ && AddToken()) continue;
  return std::move(text_);
}

bool DatumScanner::Add() {
  const auto character = stream_.ReadCharacter(mutator_);
  if (!character) return false;
  AppendUtf8(text_, *character);
  return true;
}

void DatumScanner::AddWord() {
  while (true) {
    const auto next = Peek();
    if (!next || IsDelimiter(*next)) return;
    Add();
  }
}

void DatumScanner::AddQuoted(char32_t mark) {
  while (true) {
    const auto next = Peek();
    if (!Add() || next == mark) return;
    if (next == U'\\') Add();
  }
}

void DatumScanner::AddLine() {
  while (true) {
    const auto next = Peek();
    if (!next || next == U'\n' || next == U'\r') return;
    Add();
  }
}

void DatumScanner::AddBlockComment() {
  for (std::size_t depth = 1; depth > 0;) {
    const auto next = Peek();
    if (!Add()) return;
    if (next == U'|' && IsAt(U'#')) {
      Add();
      --depth;
    } else if (next == U'#' && IsAt(U'|')) {
      Add();
      ++depth;
    }
  }
}

bool DatumScanner::AddToken() {
  const auto next = Peek();
  if (!next) return false;
  switch (*next) {
    case U'(':
    case U'[':
    case U'{':
      ++depth_;
      return Add();
    case U')':
    case U']':
    case U'}':
      Add();
      Close();
      return true;
    case U'\'':
    case U'`':
      AddPrefix(Prefix::kMark);
      return Add();
    case U',':
      AddPrefix(Prefix::kMark);
      Add();
      if (IsAt(U'@')) Add();
      return true;
    case U'"':
    case U'|':
      Add();
      AddQuoted(*next);
      Complete();
      return true;
    case U';':
      AddLine();
      return true;
    case U'#':
      AddHash();
      return true;
    default:
      // A byte order mark is no character of the text.
      if (IsSpace(*next) ||
          (*next == U'\uFEFF' && stream_.offset_bytes() == 0)) {
        return Add();
      }
      AddWord();
      Complete();
      return true;
  }
}

void DatumScanner::AddHash() {
  Add();
  const auto next = Peek();
  if (!next) return;
  if (next == U'|') {
    Add();
    return AddBlockComment();
  }
  if (next == U'!') {
    // A script's first line is a comment.
    const bool is_first = (text_ == "#" || text_ == "\xEF\xBB\xBF#") &&
                          stream_.offset_bytes() == text_.size();
    Add();
    return is_first && (IsAt(U'/') || IsAt(U' ')) ? AddLine() : AddWord();
  }
  if (next == U';') {
    AddPrefix(Prefix::kSkip);
    Add();
    return;
  }
  if (next == U'(') return;  // The next token: a vector's.
  if (next == U'\\') {
    Add();
    Add();  // Whatever it is.
    AddWord();
    return Complete();
  }
  const std::size_t word = text_.size();
  if (*next >= U'0' && *next <= U'9') {
    while (Peek() >= U'0' && Peek() <= U'9') Add();
    const bool is_label = IsAt(U'=');
    if (is_label || IsAt(U'#')) Add();
    return is_label ? AddPrefix(Prefix::kMark) : Complete();
  }
  AddWord();
  const bool is_bytevector = FoldCase(text_.substr(word)) == "u8" && IsAt(U'(');
  if (!is_bytevector) Complete();
}

void DatumScanner::Close() {
  if (depth_ > 0) --depth_;
  Complete();
}

void DatumScanner::Complete() {
  if (depth_ > 0) return;
  while (!prefixes_.empty()) {
    const Prefix last = prefixes_.back();
    prefixes_.pop_back();
    if (last == Prefix::kSkip) return;
  }
  is_complete_ = true;
}

}  // namespace fledge::lambda
