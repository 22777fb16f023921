#include "runtime/compiled_frames.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "allocator/base/check.h"

namespace fledge::runtime {
namespace {

std::string Text(const Frame& frame) {
  char text[100];
  std::snprintf(text, sizeof(text),
                "0x%" PRIxPTR " with sp 0x%" PRIxPTR " and fp 0x%" PRIxPTR,
                frame.return_address, frame.stack_pointer, frame.frame_pointer);
  return text;
}

}  // namespace

CompiledFrames::CompiledFrames(CodeRegistry& registry)
    : registry_(registry),
      registration_(registry.heap().RegisterRootSource(*this)) {}

CompiledFrames::~CompiledFrames() {
  FLEDGE_CHECK(newest_ == nullptr,
               "compiled frames were destroyed while one was on the stack");
}

void CompiledFrames::AddSlots(gc::RootSlots& slots) {
  Walk([&](const Frame& frame, const CodeRegistry::FoundSite& found) {
    const StackMap& map = found.code->map;
    for (const FrameSlot& slot : map.SlotsOf(*found.site)) {
      slots.Add(frame.AddressOf(slot));
    }
    for (const DerivedSlot& one : map.DerivedOf(*found.site)) {
      slots.AddDerived(frame.AddressOf(one.slot), frame.AddressOf(one.base));
    }
  });
}

std::string CompiledFrames::Describe(Address slot) {
  std::string place;
  Walk([&](const Frame& frame, const CodeRegistry::FoundSite& found) {
    for (const FrameSlot& one : found.code->map.SlotsOf(*found.site)) {
      if (frame.AddressOf(one) != slot) continue;
      const bool of_stack = one.base == FrameRegister::kStackPointer;
      char text[32];
      std::snprintf(text, sizeof(text), of_stack ? " [sp%+d]" : " [fp%+d]",
                    one.offset);
      place = found.Place() + text;
    }
  });
  return place;
}

std::vector<Frame> CompiledFrames::Frames() {
  std::vector<Frame> frames;
  Walk([&](const Frame& frame, const CodeRegistry::FoundSite&) {
    frames.push_back(frame);
  });
  return frames;
}

template <typename Visitor>
void CompiledFrames::Walk(Visitor&& visit) {
  for (const ExitRecord* exit = newest_; exit != nullptr;
       exit = exit->previous) {
    Frame frame{exit->return_address, exit->stack_pointer, exit->frame_pointer};
    if (registry_.CodeAt(frame.return_address) == nullptr) {
      Fail(frame.return_address, "an exit frame was made there");
    }
    FrameWalk walk = FrameWalk::kFramePointer;
    while (const CodeRegistry::FoundSite found =
               registry_.Find(frame.return_address)) {
      visit(frame, found);
      walk = found.code->walk;
      Step(frame, found);
    }
    if (registry_.CodeAt(frame.return_address) != nullptr) {
      Fail(frame.return_address, "a call returns there without a stack map");
    }
    if (registry_.heap().verified() && walk != FrameWalk::kFramePointer) {
      CheckNativeFrames(frame, exit->previous);
    }
  }
}

void CompiledFrames::Step(Frame& frame, const CodeRegistry::FoundSite& found) {
  const Frame called = frame;
  const bool stepped = found.code->walk == FrameWalk::kUnwindTable
                           ? table_walker_.Step(frame)
                           : StepByFramePointer(frame);
  if (!stepped || frame.stack_pointer <= called.stack_pointer) {
    Fail(called.return_address, found.code->walk == FrameWalk::kUnwindTable
                                    ? "its unwind table leads to no caller"
                                    : "its frame pointer leads to no caller");
  }
  if (registry_.heap().verified()) CheckCaller(called, frame, found);
}

void CompiledFrames::CheckCaller(const Frame& frame, const Frame& caller,
                                 const CodeRegistry::FoundSite& found) {
  const Address of_frame = frame.return_address;
  if (found.code->walk == FrameWalk::kBoth) {
    Frame other = frame;
    if (!table_walker_.Step(other)) {
      Fail(of_frame, "its unwind table leads to no caller");
    }
    if (other != caller) {
      Fail(of_frame, "its frame pointer leads to " + Text(caller) +
                         ", its unwind table to " + Text(other));
    }
  }
  const std::uint64_t bytes =
      found.code->map.functions()[found.site->function].frame_bytes;
  if (bytes == StackMap::kUnknownBytes) return;
  const Address expected = frame.stack_pointer + bytes + sizeof(Address);
  if (caller.stack_pointer != expected) {
    Fail(of_frame, "its caller is " + Text(caller) +
                       ", which does not fit a frame of " +
                       std::to_string(bytes) + " bytes");
  }
}

// Up to the next exit frame: its compiled frames are walked from there.
void CompiledFrames::CheckNativeFrames(Frame frame, const ExitRecord* older) {
  // Where tables are missing it ends: native code need not have them.
  while (table_walker_.Step(frame)) {
    if (older != nullptr && frame.stack_pointer >= older->stack_pointer) return;
    if (registry_.CodeAt(frame.return_address) != nullptr) {
      Fail(frame.return_address,
           "native code was called there, and made no exit frame");
    }
  }
}

void CompiledFrames::Fail(Address return_address, const std::string& what) {
  std::fprintf(stderr, "fledge: stack walk: %s: %s\n",
               registry_.Place(return_address).c_str(), what.c_str());
  std::abort();
}

}  // namespace fledge::runtime
