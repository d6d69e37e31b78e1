#include <stdexcept>

extern "C" void guest_throw() { throw std::runtime_error("thrown by the guest"); }
