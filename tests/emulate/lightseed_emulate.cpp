// SPDX-License-Identifier: Apache-2.0
// lightseed-emulate: an emulated device for a person to play with. Those behind a serial port appear on a
// pseudo-terminal, the others on a usb-redir socket that QEMU plugs into a guest.
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "cli/exit_code.h"
#include "core/error.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/redir_peer.h"
#include "tests/emulated/twins.h"

namespace {

namespace po = boost::program_options;
using namespace lightseed;
using namespace lightseed::emulated;

void say(const std::string& words) {
  std::cout << words << std::endl;  // flushed: somebody may wait for the line
}

/// A cable with an emulated device at its end. Each plugging is a new life of the device, with samples of its own.
class Cable {
 public:
  virtual ~Cable() = default;
  virtual void plug(const TwinOptions& options) = 0;
  virtual void unplug() = 0;

 protected:
  Cable() = default;
  Cable(const Cable&) = default;
  Cable& operator=(const Cable&) = default;
};

class UsbCable final : public Cable {
 public:
  UsbCable(const Twin& twin, const std::string& socket) : twin_(twin), peer_(socket) {
    const std::string uri =
        twin.name == "qcicada" ? "'tty:/dev/ttyUSB0?driver=qcicada'" : fmt::format("usb:{}", twin.name);
    say(
        fmt::format("usb-redir socket: {0}\n"
                    "QEMU:             -device qemu-xhci,id=usb -chardev socket,id={1},path={0} "
                    "-device usb-redir,chardev={1},bus=usb.0\n"
                    "in the guest:     lightseed devices --info {2}",
                    socket, twin.name, uri));
  }
  void plug(const TwinOptions& options) override { peer_.plug(twin_.usb(options)); }
  void unplug() override { peer_.unplug(); }

 private:
  const Twin& twin_;
  RedirPeer peer_;
};

class SerialCable final : public Cable {
 public:
  SerialCable(const Twin& twin, std::string link) : twin_(twin), link_(std::move(link)) {
    if (!link_.empty() && std::filesystem::exists(std::filesystem::symlink_status(link_))) {
      throw Error(Category::io, fmt::format("{} exists already; choose another --at", link_));
    }
  }
  ~SerialCable() override { unplug(); }
  SerialCable(const SerialCable&) = delete;
  SerialCable& operator=(const SerialCable&) = delete;

  void plug(const TwinOptions& options) override {
    unplug();
    model_ = twin_.serial(options);
    pty_ = std::make_unique<PtyDevice>(*model_);
    if (!link_.empty()) std::filesystem::create_symlink(pty_->path(), link_);
    const std::string path = link_.empty() ? pty_->path() : std::filesystem::absolute(link_).string();
    say(fmt::format("pseudo-terminal: {0}\nto read it:      lightseed devices --info tty:{0}?driver={1}", path,
                    twin_.name));
  }

  void unplug() override {
    if (pty_ && !link_.empty()) std::filesystem::remove(link_);
    pty_.reset();
    model_.reset();
  }

 private:
  const Twin& twin_;
  std::string link_;
  std::shared_ptr<SerialModel> model_;
  std::unique_ptr<PtyDevice> pty_;
};

/// "usb:quantis", "tty:rava" or the name alone.
const Twin& twin_from(const std::string& kind) {
  const std::string name = kind.starts_with("usb:") || kind.starts_with("tty:") ? kind.substr(4) : kind;
  std::string known;
  for (const Twin& twin : twins()) {
    if (twin.name == name) return twin;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", twin.name);
  }
  throw Error(Category::usage, fmt::format("there is no emulated device '{}'; there are {}", kind, known));
}

po::options_description options_description() {
  po::options_description options("Options");
  options.add_options()("serial", po::value<std::string>()->value_name("TEXT"), "its serial number")(
      "content", po::value<std::string>()->default_value("noise")->value_name("WHAT"),
      "noise: pseudo-random, passes health tests; sequence: checkable, every byte in its place")(
      "seed", po::value<std::uint32_t>()->value_name("N"), "of the noise, below 2^31; a fresh one unless told")(
      "speed", po::value<double>()->default_value(1)->value_name("X"), "times the device's own rate")(
      "protocol", po::value<int>()->value_name("N"), "of a device that has several: rava speaks 3 or 2")(
      "usb", po::bool_switch(), "a device behind a serial port on the bus: its USB side, or its converter chip")(
      "at", po::value<std::string>()->value_name("PATH"),
      "where: the usb-redir socket (lightseed-KIND.sock), or a symbolic link to the pseudo-terminal (none)")("help,h",
                                                                                                             "explain");
  return options;
}

std::string help() {
  std::string text =
      "lightseed-emulate KIND [options] – an emulated device to play with\n\n"
      "A device behind a serial port appears on a pseudo-terminal, any other, and with --usb every one, on a\n"
      "usb-redir socket that QEMU plugs into a guest. While it runs, type unplug, plug or quit; each plugging is a\n"
      "new life of the device.\n"
      "It calls itself EMULATED, so whatever is made of it is marked as simulated.\n\nKinds:\n";
  for (const Twin& twin : twins())
    text += fmt::format("  {:<10} {}, on a {}\n", twin.name, twin.words,
                        twin.is_serial() ? "pseudo-terminal" : "usb-redir socket");
  std::ostringstream options;
  options << options_description();
  return text +
         "\nExamples:\n  lightseed-emulate usb:quantis --serial EMU0042\n  lightseed-emulate rava --at ./rava\n"
         "  lightseed-emulate rava --usb --protocol 2 --speed 0.5\n\n" +
         options.str();
}

TwinOptions twin_options(const Twin& twin, const po::variables_map& options) {
  TwinOptions result{.serial = twin.default_serial};
  if (options.count("serial") != 0) {
    if (twin.default_serial.empty()) {
      throw Error(Category::usage, fmt::format("the serial number of {} cannot be chosen", twin.name));
    }
    result.serial = options["serial"].as<std::string>();
  }
  result.speed = options["speed"].as<double>();
  if (!(result.speed >= 0.01 && result.speed <= 1e6)) throw Error(Category::usage, "--speed is from 0.01 to 1000000");
  if (options.count("protocol") != 0) {
    result.protocol = options["protocol"].as<int>();
    if (std::find(twin.protocols.begin(), twin.protocols.end(), result.protocol) == twin.protocols.end()) {
      throw Error(Category::usage, fmt::format("{} has no protocol {}", twin.name, result.protocol));
    }
  }
  const auto content = options["content"].as<std::string>();
  if (content == "sequence" && options.count("seed") == 0) return result;
  if (content != "noise") {
    throw Error(Category::usage,
                fmt::format("--content {}: expected noise or sequence, and a --seed for noise only", content));
  }
  const std::uint32_t seed =
      options.count("seed") != 0 ? options["seed"].as<std::uint32_t>() : std::random_device{}() >> 1U;
  if (seed >= noise_run(0)) throw Error(Category::usage, "--seed is below 2147483648");
  result.run = noise_run(seed);
  return result;
}

/// Obeys stdin until quit or a signal. A closed stdin is nobody's order to end.
void serve(Cable& cable, TwinOptions life) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  const int signals = ::signalfd(-1, &ends, SFD_CLOEXEC);
  std::array<pollfd, 2> events{pollfd{signals, POLLIN, 0}, pollfd{STDIN_FILENO, POLLIN, 0}};
  std::string heard;
  while (::poll(events.data(), events.size(), -1) >= 0 && events[0].revents == 0) {
    std::array<char, 256> part;
    const ssize_t got = ::read(STDIN_FILENO, part.data(), part.size());
    if (got <= 0) events[1].fd = -1;
    heard.append(part.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
      const std::string order = heard.substr(0, end);
      heard.erase(0, end + 1);
      if (order == "quit") return;
      if (order == "plug") {
        ++life.run;
        cable.plug(life);
        say("plugged");
      } else if (order == "unplug") {
        cable.unplug();
        say("unplugged");
      } else {
        say("type unplug, plug or quit");
      }
    }
  }
}

int run(int argc, char** argv) {
  po::options_description all = options_description();
  all.add_options()("kind", po::value<std::string>());
  po::positional_options_description positional;
  positional.add("kind", 1);
  po::variables_map options;
  po::store(po::command_line_parser(argc, argv).options(all).positional(positional).run(), options);
  po::notify(options);
  if (options.count("help") != 0) {
    std::cout << help();
    return 0;
  }
  if (options.count("kind") == 0) throw Error(Category::usage, "which device? lightseed-emulate --help lists them");
  const Twin& twin = twin_from(options["kind"].as<std::string>());
  const TwinOptions life = twin_options(twin, options);

  // In every thread: serve() hears of them, and what is on disk goes with us.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  say(fmt::format("{}, emulated{}", twin.words, life.serial.empty() ? "" : ", serial number " + life.serial));
  const std::string at = options.count("at") != 0 ? options["at"].as<std::string>() : "";
  std::unique_ptr<Cable> cable;
  if (!twin.is_serial() || options["usb"].as<bool>()) {
    const std::string socket = at.empty() ? fmt::format("lightseed-{}.sock", twin.name) : at;
    cable = std::make_unique<UsbCable>(twin, std::filesystem::absolute(socket).string());
  } else {
    cable = std::make_unique<SerialCable>(twin, at);
  }
  cable->plug(life);
  say("plugged; type unplug, plug or quit");
  serve(*cable, life);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    std::cerr << "lightseed-emulate: " << error.what() << "\n";
    return cli::exit_code(error.category());
  } catch (const po::error& error) {
    std::cerr << "lightseed-emulate: " << error.what() << " (lightseed-emulate --help explains)\n";
    return cli::exit_code(Category::usage);
  } catch (const std::exception& error) {
    std::cerr << "lightseed-emulate: " << error.what() << "\n";
    return cli::exit_code(Category::io);
  }
}
