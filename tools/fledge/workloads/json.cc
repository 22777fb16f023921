// json: reads a document again and again, each time into objects of the heap,
// and keeps the last few, as a server does with its requests. Documents live
// long enough to be promoted, and then die whole.
//
// A document is counted when it leaves the window, so that it has been moved
// before.
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/map.h"
#include "runtime/objects.h"
#include "tools/fledge/workloads/arguments.h"
#include "tools/fledge/workloads/checksum.h"
#include "tools/fledge/workloads/json_builder.h"
#include "tools/fledge/workloads/workloads.h"

namespace fledge::tools {
namespace {

using runtime::HandleScope;
using runtime::Is;
using runtime::Local;
using runtime::Map;
using runtime::MapEntry;
using runtime::ObjectType;
using runtime::SetItem;
using runtime::String;
using runtime::Value;
using runtime::Vector;

constexpr std::string_view kUsualFile =
    "/usr/share/iso-codes/json/iso_639-3.json";
constexpr std::string_view kStressFile =
    "/usr/share/iso-codes/json/iso_639-5.json";

// What documents contain.
class Contents {
 public:
  // Visits all of `document`. Does not allocate, so plain values stay valid;
  // what is still to visit is on a stack of its own, so that no nesting is too
  // deep.
  void Add(Value document) {
    std::vector<Value> pending;
    const auto meet = [&](std::uint64_t label, Value value) {
      AddEdge(label, value);
      pending.push_back(value);
    };
    meet(0, document);
    while (!pending.empty()) {
      const Value value = pending.back();
      pending.pop_back();
      if (Is(value, ObjectType::kVector)) {
        const Vector array(value);
        for (std::size_t i = 0; i < array.length(); ++i) {
          meet(i, array.item(i));
        }
      } else if (Is(value, ObjectType::kMap)) {
        std::size_t position = 0;
        for (MapEntry entry = NextMapEntry(Map(value), position);
             !entry.key.IsEmpty(); entry = NextMapEntry(Map(value), position)) {
          string_bytes_ += String(entry.key).length();
          meet(ChecksumOf(String(entry.key).text()), entry.value);
        }
      }
    }
  }

  std::string Text() const {
    return "values=" + std::to_string(values_) +
           " string_bytes=" + std::to_string(string_bytes_) +
           " checksum=" + HexText(edges_);
  }

 private:
  static std::uint64_t ChecksumOf(std::string_view text) {
    Checksum checksum;
    for (const char c : text) checksum.Add(static_cast<unsigned char>(c));
    return checksum.value();
  }

  // A container counts as its length: its items have edges of their own.
  static std::uint64_t ChecksumOf(Value value) {
    if (!value.IsReference()) return value.word();
    if (Is(value, ObjectType::kString)) return ChecksumOf(String(value).text());
    if (Is(value, ObjectType::kFloat)) {
      return std::bit_cast<std::uint64_t>(runtime::Float(value).number());
    }
    return Is(value, ObjectType::kMap) ? Map(value).count()
                                       : Vector(value).length();
  }

  // `value` is found under `label` in its container. The sum over all edges
  // does not depend on the order in which a map has its entries.
  void AddEdge(std::uint64_t label, Value value) {
    ++values_;
    if (Is(value, ObjectType::kString)) string_bytes_ += String(value).length();
    Checksum edge;
    edge.Add(label);
    edge.Add(ChecksumOf(value));
    edges_ += edge.value();
  }

  std::uint64_t values_ = 0;  // Keys are none.
  std::uint64_t string_bytes_ = 0;
  std::uint64_t edges_ = 0;
};

// The whole file, or nothing, with errno as the system left it.
std::optional<std::string> ReadFile(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return std::nullopt;
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t bytes =
             std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, bytes);
  }
  if (std::ferror(file.get()) != 0) return std::nullopt;
  return text;
}

class Json final : public Workload {
 public:
  std::string_view name() const override { return "json"; }
  std::string_view description() const override {
    return "a JSON file, read again and again; the last documents stay";
  }
  std::vector<ArgumentRow> arguments() const override {
    return {{"FILE", kUsualFile, kStressFile, "the file to read"},
            {"ROUNDS", "200", "2", "times to read it, 1 to 1000000"},
            {"WINDOW", "8", "1", "documents that stay, 1 to 10000"}};
  }

  std::optional<std::string> Configure(std::span<const std::string> arguments,
                                       SizeClass size_class) override {
    ArgumentReader reader(*this, arguments, size_class);
    const std::string path(reader.Text());
    rounds_ = static_cast<std::uint32_t>(reader.Number(1, 1'000'000));
    window_ = static_cast<std::uint32_t>(reader.Number(1, 10'000));
    if (std::optional<std::string> error = reader.Finish()) return error;

    std::optional<std::string> text = ReadFile(path);
    if (!text) {
      const std::string reason = std::strerror(errno);
      const bool is_ours = path == kUsualFile || path == kStressFile;
      return "FILE: '" + path + "' cannot be read: " + reason +
             (is_ours ? " (install the package iso-codes, or name a JSON file)"
                      : "");
    }
    text_ = std::move(*text);
    if (const std::optional<JsonError> error = CheckJson(text_)) {
      return path + ":" + std::to_string(error->line) + ":" +
             std::to_string(error->column) + ": " + error->message;
    }
    return std::nullopt;
  }

  std::string Run(RunContext& context) override {
    const HandleScope scope(context.mutator);
    const Local none(context.mutator, Value::Undefined());
    const Local window(context.mutator,
                       runtime::MakeVector(context.mutator, window_, none));
    ++context.allocated_objects;

    Contents contents;
    const auto count = [&](std::uint32_t place) {
      const Value document = Vector(window.get()).item(place);
      if (!document.IsUndefined()) contents.Add(document);
    };
    for (std::uint32_t round = 0; round < rounds_; ++round) {
      const std::uint32_t place = round % window_;
      count(place);
      const BuiltJson built = BuildJson(context.mutator, text_);
      SetItem(context.mutator, Vector(window.get()), place, built.document);
      context.allocated_objects += built.objects_made;
      context.progress.Update(round + 1, rounds_);
    }
    for (std::uint32_t place = 0; place < window_; ++place) count(place);
    return "documents=" + std::to_string(rounds_) + " " + contents.Text();
  }

 private:
  std::string text_;
  std::uint32_t rounds_ = 0;
  std::uint32_t window_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeJson() { return std::make_unique<Json>(); }

}  // namespace fledge::tools
