#pragma once
#include <fstream>
#include <sstream>
#include <string>

namespace weir::settings {

/// A sound configuration of one service, with more text put in where it is wanted.
struct ConfigurationText {
  std::string top{};      ///< lines at the root: "workers: 2\n"
  std::string service{};  ///< "shield: {enabled: false}"
  std::string blue{};     ///< "idle: 1s"
  std::string more{};     ///< further services, "{name: …}"

  std::string yaml() const {
    return top + "services:\n- {name: shop, pools: {blue: {endpoints: ['a:1']" + comma(blue) +
           "}, green: {endpoints: ['b:1']}}" + comma(service) + "}\n" +
           (more.empty() ? "" : "- " + more + "\n");
  }

 private:
  static std::string comma(const std::string& text) { return text.empty() ? "" : ", " + text; }
};

inline std::string text_of_file(const std::string& name) {
  std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace weir::settings
