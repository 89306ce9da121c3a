#include "server/serve.h"

#include <spdlog/spdlog.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "server/config_file.h"
#include "server/logging.h"
#include "server/proxy.h"

namespace weir::server {
namespace {

void print_mistakes(const std::string& path, const settings::Mistakes& mistakes) {
  for (const auto& mistake : mistakes) {
    std::cerr << path << ": " << settings::format(mistake) << '\n';
  }
}

}  // namespace

int serve(const std::string& config_path, const std::string& take_over) {
  auto loaded = load_file(config_path);
  if (!loaded.plan) {
    print_mistakes(config_path, loaded.mistakes);
    return 1;
  }
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that their peers have closed
  start_logging(loaded.plan->log.level);
  int status = 0;
  try {
    Proxy proxy(config_path, std::make_shared<const Plan>(std::move(*loaded.plan)), take_over);
    proxy.run();
  } catch (const TakeOverError& error) {
    std::cerr << "error: " << error.what() << '\n';
    status = 2;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    status = 1;
  }
  stop_logging();
  return status;
}

}  // namespace weir::server
