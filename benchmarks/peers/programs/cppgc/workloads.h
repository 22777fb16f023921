// The workloads on V8's C++ collector, cppgc. Each takes the arguments of
// `fledge profile` and returns the line that the other programs print.
//
// Threads: that of the heap. References on the stack are found conservatively;
// those in the heap, in Member<>, exactly.
#pragma once

#include <cppgc/allocation.h>

#include <string>

namespace fledge::peers {

std::string RunBinaryTrees(cppgc::AllocationHandle& heap, int depth);
std::string RunGcBench(cppgc::AllocationHandle& heap, int depth, int doubles);
std::string RunLru(cppgc::AllocationHandle& heap, int entries, int operations);

}  // namespace fledge::peers
