#include "runtime/compact_stack_map.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "allocator/base/check.h"
#include "runtime/byte_reader.h"

namespace fledge::runtime {
namespace {

constexpr std::string_view kMagic = "FSM\x01";
constexpr int kOffsetUnit = 4;

std::uint64_t ToNumber(FrameSlot slot) {
  const std::int64_t units = slot.offset / kOffsetUnit;
  const auto zigzag =
      static_cast<std::uint64_t>(units < 0 ? -2 * units - 1 : 2 * units);
  return zigzag << 1 | (slot.base == FrameRegister::kFramePointer ? 1 : 0);
}

std::optional<FrameSlot> ToSlot(std::uint64_t number) {
  const std::uint64_t zigzag = number >> 1;
  constexpr std::uint64_t kMost =
      std::numeric_limits<std::int32_t>::max() / kOffsetUnit;
  if (zigzag / 2 > kMost) return {};
  const auto half = static_cast<std::int32_t>(zigzag / 2);
  const std::int32_t units = zigzag % 2 == 0 ? half : -half - 1;
  return FrameSlot{(number & 1) != 0 ? FrameRegister::kFramePointer
                                     : FrameRegister::kStackPointer,
                   units * kOffsetUnit};
}

class Writer {
 public:
  void Text(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
  }
  void Leb128(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
      bytes_.push_back(static_cast<std::byte>(number | 0x80));
    }
    bytes_.push_back(static_cast<std::byte>(number));
  }
  std::vector<std::byte> Take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

// The first problem ends it.
class Decoder {
 public:
  Decoder(std::span<const std::byte> bytes, Address code_begin, StackMap& map)
      : reader_(bytes), begin_(code_begin), map_(map) {}

  std::optional<StackMapError> Run() {
    if (reader_.Text(kMagic.size()) != kMagic) {
      return Error("it does not begin with FSM and version 1");
    }
    const std::uint64_t slot_bytes = reader_.Leb128();
    if (slot_bytes != map_.slot_bytes()) {
      return Error("slots of " + std::to_string(slot_bytes) +
                   " bytes, where references have " +
                   std::to_string(map_.slot_bytes()));
    }
    auto error = ReadLayouts();
    const std::uint64_t functions = reader_.Leb128();
    for (std::uint64_t i = 0; i < functions && !error; ++i) {
      error = ReadFunction();
    }
    if (error) return error;
    if (!reader_.ok()) return Error("it is cut off");
    if (reader_.left() != 0) return Error("something follows its end");
    return {};
  }

 private:
  struct Layout {
    std::vector<FrameSlot> slots;
    std::vector<DerivedSlot> derived;
    // Once a site has it, for the others that do.
    std::optional<StackMap::Site> site;
  };

  std::optional<StackMapError> ReadLayouts() {
    const std::uint64_t layouts = reader_.Leb128();
    for (std::uint64_t i = 0; i < layouts; ++i) {
      if (!reader_.ok()) return Error("it is cut off");
      Layout layout;
      const std::uint64_t slots = reader_.Leb128();
      for (std::uint64_t j = 0; j < slots && reader_.ok(); ++j) {
        const auto slot = ToSlot(reader_.Leb128());
        if (!slot) return Error("a slot beyond 2 GB");
        layout.slots.push_back(*slot);
      }
      const std::uint64_t derived = reader_.Leb128();
      for (std::uint64_t j = 0; j < derived && reader_.ok(); ++j) {
        const auto slot = ToSlot(reader_.Leb128());
        const std::uint64_t base = reader_.Leb128();
        if (!slot) return Error("a slot beyond 2 GB");
        if (base >= layout.slots.size()) {
          return Error("a derived slot with base " + std::to_string(base) +
                       " of " + std::to_string(layout.slots.size()));
        }
        layout.derived.push_back({*slot, layout.slots[base]});
      }
      layouts_.push_back(std::move(layout));
    }
    return {};
  }

  std::optional<StackMapError> ReadFunction() {
    if (!reader_.ok()) return Error("it is cut off");
    begin_ += reader_.Leb128();
    const std::uint64_t frame_bytes = reader_.Leb128() - 1;
    const std::string name(reader_.Text(reader_.Leb128()));
    map_.AddFunction(begin_, frame_bytes, name);
    const std::uint64_t sites = reader_.Leb128();
    Address return_address = begin_;
    for (std::uint64_t i = 0; i < sites; ++i) {
      return_address += reader_.Leb128();
      const std::uint64_t layout = reader_.Leb128();
      if (!reader_.ok()) return Error("it is cut off");
      if (layout >= layouts_.size()) {
        return Error(CodePlace(name, begin_, return_address) + ": layout " +
                     std::to_string(layout) + " of " +
                     std::to_string(layouts_.size()));
      }
      if (auto error = AddSite(return_address, layouts_[layout])) return error;
    }
    return {};
  }

  std::optional<StackMapError> AddSite(Address return_address, Layout& layout) {
    if (layout.site) {
      map_.AddSiteLike(return_address, *layout.site);
      return {};
    }
    if (auto error =
            map_.AddSite(return_address, layout.slots, layout.derived)) {
      return Error(error->message);
    }
    layout.site = map_.sites().back();
    return {};
  }

  StackMapError Error(const std::string& what) const {
    return {"compact stack map, byte " + std::to_string(reader_.at()) + ": " +
            what};
  }

  ByteReader reader_;
  Address begin_;
  StackMap& map_;
  std::vector<Layout> layouts_;
};

}  // namespace

void CompactStackMapEncoder::AddFunction(std::uint64_t begin,
                                         std::string_view name,
                                         std::uint64_t frame_bytes) {
  FLEDGE_CHECK(functions_.empty() || begin >= functions_.back().begin,
               "functions are added in the order of their code");
  functions_.push_back({begin, std::string(name), frame_bytes, {}});
}

void CompactStackMapEncoder::AddSite(std::uint64_t return_offset,
                                     std::span<const FrameSlot> slots,
                                     std::span<const DerivedSlot> derived) {
  FLEDGE_CHECK(!functions_.empty(), "a site was added before any function");
  std::vector<Site>& sites = functions_.back().sites;
  FLEDGE_CHECK(sites.empty() || return_offset > sites.back().return_offset,
               "sites are added in the order of their code");
  Layout layout;
  layout.first.assign(slots.begin(), slots.end());
  for (const DerivedSlot& one : derived) {
    layout.first.push_back(one.base);
    layout.second.push_back(one);
  }
  std::sort(layout.first.begin(), layout.first.end());
  layout.first.erase(std::unique(layout.first.begin(), layout.first.end()),
                     layout.first.end());
  for (const FrameSlot& slot : layout.first) {
    FLEDGE_CHECK(slot.offset % kOffsetUnit == 0, "a slot is not aligned");
  }
  const auto [found, is_new] =
      indices_.try_emplace(std::move(layout), layouts_.size());
  if (is_new) layouts_.push_back(&found->first);
  sites.push_back({return_offset, found->second});
}

std::vector<std::byte> CompactStackMapEncoder::Encode() const {
  Writer out;
  out.Text(kMagic);
  out.Leb128(slot_bytes_);
  out.Leb128(layouts_.size());
  for (const Layout* layout : layouts_) {
    const auto& [slots, derived] = *layout;
    out.Leb128(slots.size());
    for (const FrameSlot& slot : slots) out.Leb128(ToNumber(slot));
    out.Leb128(derived.size());
    for (const DerivedSlot& one : derived) {
      out.Leb128(ToNumber(one.slot));
      const auto base = std::lower_bound(slots.begin(), slots.end(), one.base);
      out.Leb128(static_cast<std::uint64_t>(base - slots.begin()));
    }
  }
  out.Leb128(functions_.size());
  std::uint64_t begin = 0;
  for (const Function& function : functions_) {
    out.Leb128(function.begin - begin);
    begin = function.begin;
    out.Leb128(function.frame_bytes + 1);
    out.Leb128(function.name.size());
    out.Text(function.name);
    out.Leb128(function.sites.size());
    std::uint64_t return_offset = 0;
    for (const Site& site : function.sites) {
      out.Leb128(site.return_offset - return_offset);
      return_offset = site.return_offset;
      out.Leb128(site.layout);
    }
  }
  return out.Take();
}

std::optional<StackMapError> ReadCompactStackMap(
    std::span<const std::byte> bytes, Address code_begin, StackMap& map) {
  return Decoder(bytes, code_begin, map).Run();
}

}  // namespace fledge::runtime
