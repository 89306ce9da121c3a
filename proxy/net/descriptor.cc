#include "net/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace weir::net {

void Descriptor::reset(int handle) noexcept {
  if (handle_ >= 0) ::close(handle_);
  handle_ = handle;
}

Descriptor Descriptor::duplicate() const noexcept {
  return Descriptor(::fcntl(handle_, F_DUPFD_CLOEXEC, 0));
}

}  // namespace weir::net
