#include "runtime/lambda/error_report.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/lambda/function.h"
#include "runtime/lambda/printer.h"
#include "runtime/object_layout.h"
#include "runtime/procedure_layout.h"
#include "runtime/text_layout.h"

namespace fledge::lambda {
namespace {

constexpr std::size_t kMostBytesOfObject = 200;

// One frame of a trace (Interpreter::Backtrace).
struct Place {
  const Function* function;
  Position at;
};

std::size_t FrameCount(Value trace) {
  return Is(trace, ObjectType::kVector) ? runtime::Vector(trace).length() / 2
                                        : 0;
}

Place PlaceAt(Value trace, std::size_t i) {
  const runtime::Vector items(trace);
  const runtime::Template of(items.item(2 * i));
  const auto* const function = static_cast<const Function*>(of.function());
  const auto next = static_cast<std::uint32_t>(items.item(2 * i + 1).integer());
  // A frame that raised, and now waits for a handler, is behind its code.
  const bool is_known = next != 0 && next <= function->instruction_count;
  return {function, is_known ? function->PositionOf(next - 1) : Position()};
}

// Where character `i` of the line begins; its end if it has fewer.
std::size_t OffsetOf(std::string_view line, std::size_t i) {
  std::size_t offset = 0;
  while (i > 0 && offset < line.size()) {
    ++offset;
    while (offset < line.size() && (line[offset] & 0xc0) == 0x80) ++offset;
    --i;
  }
  return offset;
}

// The line with a mark below the place; nothing if there is no line. Of a long
// line the part around the place.
std::string Excerpt(const Sources& sources, Position at) {
  constexpr std::size_t kMostBefore = 100;
  constexpr std::size_t kMostAfter = 60;
  if (at.line == 0) return {};
  std::string_view line = sources.LineOf(at);
  const std::string gutter = std::to_string(at.line);
  std::string before;
  std::size_t column = at.column - 1;
  if (column > kMostBefore) {
    line.remove_prefix(OffsetOf(line, column - kMostBefore));
    column = kMostBefore;
    before = "...";
  }
  const std::size_t mark = OffsetOf(line, column);
  const std::size_t end = mark + OffsetOf(line.substr(mark), kMostAfter);
  std::string text = "  " + gutter + " | " + before;
  text += line.substr(0, end);
  if (end < line.size()) text += "...";
  text += "\n  " + std::string(gutter.size(), ' ') + " | ";
  text.append(before.size(), ' ');
  // What stands before the mark is as wide below as above.
  for (const char unit : line.substr(0, mark)) {
    if ((unit & 0xc0) != 0x80) text += unit == '\t' ? '\t' : ' ';
  }
  return text + "^\n";
}

std::string FrameLine(const Sources& sources, const Place& place) {
  std::string line = "  in ";
  if (place.function->is_form) {
    line += "a form";
  } else {
    line += place.function->name.empty() ? "a procedure" : place.function->name;
  }
  if (place.at.line != 0) line += " at " + sources.PlaceOf(place.at);
  return line + "\n";
}

}  // namespace

std::string ConditionText(Value value) {
  const runtime::Condition condition(value);
  std::string text = DisplayText(condition.message(), kMostBytesOfObject);
  // Some messages end in a colon themselves.
  const char* separator = text.ends_with(':') ? " " : ": ";
  for (Value rest = condition.irritants(); Is(rest, ObjectType::kPair);
       rest = runtime::Pair(rest).cdr()) {
    text +=
        separator + WriteText(runtime::Pair(rest).car(), kMostBytesOfObject);
    separator = " ";
  }
  return text;
}

std::string ErrorReport(const Sources& sources, const Vm& vm, Value raised) {
  const bool is_condition = Is(raised, ObjectType::kCondition);
  const std::string what = is_condition
                               ? ConditionText(raised)
                               : "raised, and nobody handled it: " +
                                     WriteText(raised, kMostBytesOfObject);
  const Value trace =
      is_condition ? runtime::Condition(raised).trace() : vm.end_trace();
  std::string frames;
  std::string head;
  for (std::size_t i = 0; i < FrameCount(trace); ++i) {
    const Place place = PlaceAt(trace, i);
    const bool has_place = place.at.line != 0;
    if (has_place && sources.IsLibrary(place.at.source)) continue;
    if (!has_place && head.empty()) continue;
    if (head.empty()) {
      head = sources.PlaceOf(place.at) + ": " + what + "\n" +
             Excerpt(sources, place.at);
    }
    frames += FrameLine(sources, place);
  }
  return head.empty() ? what + "\n" : head + frames;
}

std::string ErrorReport(const Sources& sources, const SyntaxError& error) {
  if (error.at().line == 0) return std::string(error.what()) + "\n";
  return sources.PlaceOf(error.at()) + ": " + error.what() + "\n" +
         Excerpt(sources, error.at());
}

}  // namespace fledge::lambda
