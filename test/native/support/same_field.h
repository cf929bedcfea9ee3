// That a structure of ours is laid out as one of the system's.
#ifndef NUTHATCH_TEST_SUPPORT_SAME_FIELD_H_
#define NUTHATCH_TEST_SUPPORT_SAME_FIELD_H_

#include <cstddef>

#define EXPECT_SAME_FIELD(ours, our_field, theirs, their_field)               \
  static_assert(offsetof(ours, our_field) == offsetof(theirs, their_field) && \
                sizeof(ours::our_field) == sizeof(theirs::their_field))

#endif  // NUTHATCH_TEST_SUPPORT_SAME_FIELD_H_
