#include "runtime/frame_walker.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

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

void FrameWalker::CheckExit(const Frame& frame) {
  if (registry_.CodeAt(frame.return_address) == nullptr) {
    Fail(frame.return_address, "an exit frame was made there");
  }
}

void FrameWalker::Step(Frame& frame, const CodeRegistry::FoundSite& found) {
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

void FrameWalker::CheckCaller(const Frame& frame, const Frame& caller,
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

// Where no site was found.
void FrameWalker::CheckEnd(const Frame& frame, FrameWalk walk,
                           const ExitRecord* older) {
  if (registry_.CodeAt(frame.return_address) != nullptr) {
    Fail(frame.return_address, "a call returns there without a stack map");
  }
  if (registry_.heap().verified() && walk != FrameWalk::kFramePointer) {
    CheckNativeFrames(frame, older);
  }
}

// Up to the next exit frame: its compiled frames are walked from there.
void FrameWalker::CheckNativeFrames(Frame frame, const ExitRecord* older) {
  // Where tables are missing it ends: native code need not have them.
  while (table_walker_.Step(frame)) {
    if (older != nullptr && frame.stack_pointer >= older->stack_pointer) return;
    if (registry_.CodeAt(frame.return_address) != nullptr) {
      Fail(frame.return_address,
           "native code was called there, and made no exit frame");
    }
  }
}

void FrameWalker::Fail(Address return_address, const std::string& what) {
  std::fprintf(stderr, "fledge: stack walk: %s: %s\n",
               registry_.Place(return_address).c_str(), what.c_str());
  std::abort();
}

}  // namespace fledge::runtime
