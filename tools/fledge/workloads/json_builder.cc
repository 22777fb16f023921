#include "tools/fledge/workloads/json_builder.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "allocator/base/check.h"
#include "runtime/map.h"
#include "runtime/object_layout.h"
#include "runtime/objects.h"

namespace fledge::tools {
namespace {

using nlohmann::json;
using runtime::HandleScope;
using runtime::Local;
using runtime::Map;
using runtime::Mutator;
using runtime::Persistent;
using runtime::SetItem;
using runtime::Value;
using runtime::Vector;

// A stack of values outside of the heap, registered with it: the collector
// visits all of it and updates it, so its values may be held across anything.
class ValueStack {
 public:
  explicit ValueStack(Mutator& mutator) : mutator_(mutator) { Grow(); }

  std::size_t size() const {
    return static_cast<std::size_t>(top_ - words_.data());
  }
  Value at(std::size_t i) const {
    FLEDGE_DCHECK(i < size());
    return Value::FromWord(words_[i]);
  }
  // The i-th from the top; 0 is the top.
  Value FromTop(std::size_t i) const { return at(size() - 1 - i); }

  void Push(Value value) {
    if (size() == words_.size()) Grow();
    *top_++ = value.word();
  }
  void Pop(std::size_t count) {
    FLEDGE_DCHECK(count <= size());
    top_ -= count;
  }

 private:
  using Registration =
      decltype(std::declval<runtime::Heap>().RegisterStack(nullptr, nullptr));

  // Nothing here may collect, so the values are always in what is registered.
  void Grow() {
    const std::size_t used = size();
    std::vector<Value::Word> larger(std::max<std::size_t>(64, 2 * used));
    std::copy_n(words_.data(), used, larger.data());
    registration_.reset();
    words_ = std::move(larger);
    top_ = words_.data() + used;
    registration_ = mutator_.heap().RegisterStack(words_.data(), &top_);
  }

  Mutator& mutator_;
  std::vector<Value::Word> words_;  // All of it is room; used up to top_.
  Value::Word* top_ = words_.data();
  Registration registration_;
};

// Hears what the parser reads and builds the document from the leaves up. The
// stack holds, from the outermost to the innermost that is not complete: of an
// object its map, and the key whose value comes next; of an array the items
// so far.
//
// Keys are shared within a document, as parsers of dynamic languages do: the
// records of a list have the same few, which would else be half of its
// strings. That also makes many young maps refer to a few older strings.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(Mutator& mutator) : mutator_(mutator), stack_(mutator) {}

  // REQUIRES: a whole document was read.
  BuiltJson result() const {
    FLEDGE_CHECK(stack_.size() == 1 && open_.empty());
    return {stack_.at(0), objects_made_};
  }

  bool null() override { return Add(Value::Nil()); }
  bool boolean(bool truth) override { return Add(Value::Boolean(truth)); }
  bool number_integer(std::int64_t number) override {
    if (!Value::FitsSmallInteger(number)) {
      return AddFloat(static_cast<double>(number));
    }
    return Add(Value::SmallInteger(number));
  }
  bool number_unsigned(std::uint64_t number) override {
    if (number > static_cast<std::uint64_t>(Value::kLargestInteger)) {
      return AddFloat(static_cast<double>(number));
    }
    return Add(Value::SmallInteger(static_cast<std::int64_t>(number)));
  }
  bool number_float(double number, const std::string&) override {
    return AddFloat(number);
  }
  bool string(std::string& text) override {
    ++objects_made_;
    return Add(runtime::MakeString(mutator_, text));
  }

  bool start_object(std::size_t) override {
    ++objects_made_;
    stack_.Push(runtime::MakeMap(mutator_));
    open_.push_back({Container::kObject, 0});
    return true;
  }
  bool key(std::string& text) override {
    auto found = keys_.find(text);
    if (found == keys_.end()) {
      ++objects_made_;
      const Value made = runtime::MakeString(mutator_, text);
      found = keys_.try_emplace(text, Persistent(mutator_, made.word())).first;
    }
    stack_.Push(Value::FromWord(found->second.get()));
    return true;
  }
  bool end_object() override {
    const Value map = stack_.FromTop(0);
    stack_.Pop(1);
    open_.pop_back();
    return Add(map);
  }

  bool start_array(std::size_t) override {
    open_.push_back({Container::kArray, stack_.size()});
    return true;
  }
  bool end_array() override {
    const std::size_t first = open_.back().first_item;
    const std::size_t count = stack_.size() - first;
    const HandleScope scope(mutator_);
    ++objects_made_;
    const Vector array(
        runtime::MakeVector(mutator_, count, Local(mutator_, Value::Nil())));
    for (std::size_t i = 0; i < count; ++i) {
      SetItem(mutator_, array, i, stack_.at(first + i));
    }
    stack_.Pop(count);
    open_.pop_back();
    return Add(array.value());
  }

  bool binary(json::binary_t&) override { return false; }  // Not in texts.
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  enum class Container : std::uint8_t { kObject, kArray };
  struct Open {
    Container container;
    std::size_t first_item;  // Of an array: its place on the stack.
  };

  bool AddFloat(double number) {
    ++objects_made_;
    return Add(runtime::MakeFloat(mutator_, number));
  }

  // A value is complete: it goes to the object or array that is open.
  bool Add(Value value) {
    if (open_.empty() || open_.back().container == Container::kArray) {
      stack_.Push(value);
      return true;
    }
    const HandleScope scope(mutator_);
    const Local map(mutator_, stack_.FromTop(1));
    const std::size_t room_before = TableLength(map);
    runtime::MapPut(mutator_, map, Local(mutator_, stack_.FromTop(0)),
                    Local(mutator_, value));
    if (TableLength(map) != room_before) ++objects_made_;
    stack_.Pop(1);
    return true;
  }

  static std::size_t TableLength(Local map) {
    const Value table = Map(map.get()).table();
    return table.IsEmpty() ? 0 : Vector(table).length();
  }

  Mutator& mutator_;
  ValueStack stack_;
  std::vector<Open> open_;  // Containers that are not complete.
  absl::flat_hash_map<std::string, Persistent> keys_;
  std::uint64_t objects_made_ = 0;
};

// Where the token begins that ends with character `last` of `text`.
std::size_t TokenStart(std::string_view text, std::size_t last) {
  const auto continues = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' ||
           c == '+' || c == '-' || c == '.';
  };
  std::size_t start = last;
  if (text[last] == '"') {
    // Back to the quote that opens it: one with no backslash before it. (A
    // string that ends in a backslash has two, and is met from its end.)
    while (start > 0 && !(text[start - 1] == '"' &&
                          (start == 1 || text[start - 2] != '\\'))) {
      --start;
    }
    return start > 0 ? start - 1 : 0;
  }
  while (continues(text[start]) && start > 0 && continues(text[start - 1])) {
    --start;
  }
  return start;
}

// Only listens for an error.
class Checker final : public nlohmann::json_sax<json> {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  const std::optional<JsonError>& error() const { return error_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(std::string&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }

  // `position` counts the characters read, one more at the end of the text.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception.KIND.NUMBER] KIND at line 1, column 4: syntax error
    // while parsing array - unexpected ...; expected ']'": without what stands
    // before the error itself, and without the text read.
    std::string message = error.what();
    const std::size_t begin = message.find("syntax error");
    message.erase(0,
                  begin != std::string::npos ? begin : message.find("] ") + 2);
    const std::size_t text_read = message.find("; last read: ");
    const bool ends_in_token = text_read == std::string::npos;
    if (!ends_in_token) message.erase(text_read);
    for (const char* const bracket : {"]", "}"}) {
      const std::string closing = "expected '" + std::string(bracket) + "'";
      if (!message.ends_with(closing)) continue;
      message.erase(message.size() - closing.size());
      message += "expected ',' or '" + std::string(bracket) + "'";
    }
    std::size_t place = std::min(position - 1, text_.size());
    if (ends_in_token && place < text_.size()) place = TokenStart(text_, place);
    error_ = At(place, std::move(message));
    return false;
  }

 private:
  JsonError At(std::size_t place, std::string message) const {
    const std::string_view before = text_.substr(0, place);
    const std::size_t newline = before.rfind('\n');
    const std::string_view line =
        newline == std::string_view::npos ? before : before.substr(newline + 1);
    const auto begins_character = [](char c) { return (c & 0xc0) != 0x80; };
    return {
        .line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
        .column = 1 + static_cast<std::size_t>(
                          std::ranges::count_if(line, begins_character)),
        .message = std::move(message)};
  }

  const std::string_view text_;
  std::optional<JsonError> error_;
};

}  // namespace

std::optional<JsonError> CheckJson(std::string_view text) {
  Checker checker(text);
  json::sax_parse(text, &checker);
  return checker.error();
}

BuiltJson BuildJson(Mutator& mutator, std::string_view text) {
  Builder builder(mutator);
  const bool is_read = json::sax_parse(text, &builder);
  FLEDGE_CHECK(is_read, "a text that was not checked");
  return builder.result();
}

}  // namespace fledge::tools
