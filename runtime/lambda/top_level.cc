#include "runtime/lambda/top_level.h"

#include <vector>

#include "runtime/lambda/body.h"
#include "runtime/lambda/expander.h"

namespace fledge::lambda {

Expression* ExpandTopLevel(Libraries& libraries, Namespace& space,
                           const Syntax& form, Arena& arena) {
  Expander expander(libraries, arena);
  const Syntax* const forms[] = {&form};
  space.Begin();
  try {
    const std::vector<Expression*> expressions =
        Body(expander, space, ImportConflict::kHides).ExpandTopLevel(forms);
    return expander.make().Sequence(expressions, form.at);
  } catch (...) {
    space.TakeBack();
    throw;
  }
}

}  // namespace fledge::lambda
