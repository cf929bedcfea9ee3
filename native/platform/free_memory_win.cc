#include "platform/free_memory.h"

namespace nuthatch {

// The heap of Windows does.
void GiveFreeMemoryBack() {}

}  // namespace nuthatch
