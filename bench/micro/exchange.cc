// Runs one exchange in memory as often as asked, for a tool that counts instructions.
// Usage: exchange COUNT. Exit codes: 0 done, 1 wrong use.
#include <cstdlib>
#include <iostream>

#include "sample_exchange.h"

int main(int count, char** arguments) {
  const long times = count == 2 ? std::strtol(arguments[1], nullptr, 10) : 0;
  if (times <= 0) {
    std::cerr << "usage: exchange COUNT\n";
    return 1;
  }
  weir::bench::SampleExchange exchange;
  std::size_t bytes = 0;
  for (long i = 0; i < times; ++i) bytes += exchange.run();
  std::cout << bytes << '\n';
}
