#include "tools/fledge/form_end.h"

#include "runtime/lambda/arena.h"
#include "runtime/lambda/names.h"
#include "runtime/lambda/reader.h"
#include "runtime/lambda/syntax.h"
#include "runtime/lambda/syntax_error.h"

namespace fledge::tools {

bool EndsWithinForm(std::string_view text) {
  lambda::Names names;
  lambda::Reader reader(text, 0, names);
  try {
    while (true) {
      lambda::Arena arena;
      if (reader.Read(arena)->Is(lambda::Syntax::Kind::kEndOfFile)) {
        return false;
      }
    }
  } catch (const lambda::IncompleteError&) {
    return true;
  } catch (const lambda::SyntaxError&) {
    return false;
  }
}

}  // namespace fledge::tools
