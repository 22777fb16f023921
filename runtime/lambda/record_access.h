// RecordAccess: what a procedure does that only reads or writes a field, as
// those that define-record-type makes at the top of a program. A call of one
// that is given a record of the right type takes no frame.
//
// Design: docs/design/lambda.md. Threads: plain data.
#pragma once

#include <cstdint>

#include "runtime/lambda/code_draft.h"

namespace fledge::lambda {

struct RecordAccess {
  enum class Kind : std::uint8_t { kNone, kGet, kSet };

  Kind kind = Kind::kNone;
  std::uint16_t field = 0;
  // The constant that is the cell of the record's type.
  std::uint32_t type_cell = 0;
};

// Of the procedure: kNone unless its code is just that of an accessor, of its
// first argument, or a modifier, with its second for the value.
RecordAccess RecordAccessOf(const CodeDraft& draft);

}  // namespace fledge::lambda
