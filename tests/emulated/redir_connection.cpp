// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/redir_connection.h"

#include <sys/socket.h>
#include <unistd.h>
#include <usbredirparser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace lightseed::emulated {
namespace {

RedirConnection& self(void* priv) {
  return *static_cast<RedirConnection*>(priv);
}

/// A packet's data, which the parser hands over to its callback.
Bytes take(usbredirparser* parser, std::uint8_t* data, int size) {
  Bytes bytes;
  if (data == nullptr) return bytes;
  const auto* first = reinterpret_cast<const std::byte*>(data);
  bytes.assign(first, first + size);
  usbredirparser_free_packet_data(parser, data);
  return bytes;
}

std::uint8_t status_of(Bulk::Result result) {
  switch (result) {
    case Bulk::Result::done: return usb_redir_success;
    case Bulk::Result::stall: return usb_redir_stall;
    case Bulk::Result::babble: return usb_redir_babble;
    case Bulk::Result::bus_error:
    case Bulk::Result::nak:
    case Bulk::Result::gone: break;
  }
  return usb_redir_ioerror;
}

/// What usb-redir wants to know of a device besides its descriptors, which it asks for later.
struct Description {
  usb_redir_device_connect_header device{};
  usb_redir_interface_info_header interfaces{};
  usb_redir_ep_info_header endpoints{};
};

/// Endpoints are numbered 0–15 to the device, 16–31 to the host.
std::size_t slot_of(std::size_t address) {
  return (address & 0x0FU) + ((address & 0x80U) != 0 ? 16 : 0);
}

Description describe(const Bytes& all) {
  Description result;
  const auto u8 = [&](std::size_t i) {
    return i < all.size() ? std::to_integer<std::uint8_t>(all[i]) : std::uint8_t{};
  };
  const auto u16 = [&](std::size_t i) { return static_cast<std::uint16_t>(u8(i) | u8(i + 1) << 8); };
  result.device = {.speed = usb_redir_speed_full,
                   .device_class = u8(4),
                   .device_subclass = u8(5),
                   .device_protocol = u8(6),
                   .vendor_id = u16(8),
                   .product_id = u16(10),
                   .device_version_bcd = u16(12)};
  std::fill(std::begin(result.endpoints.type), std::end(result.endpoints.type),
            static_cast<std::uint8_t>(usb_redir_type_invalid));
  for (const std::size_t control : {slot_of(0x00), slot_of(0x80)}) {
    result.endpoints.type[control] = usb_redir_type_control;
    result.endpoints.max_packet_size[control] = u8(7);
  }
  std::uint8_t interface = 0;
  // A length of zero would stand still for ever: these descriptors may be broken on purpose.
  for (std::size_t i = 18; i + 1 < all.size() && u8(i) >= 2; i += u8(i)) {
    if (u8(i + 1) == 4 && result.interfaces.interface_count < 32) {
      const std::uint32_t at = result.interfaces.interface_count++;
      interface = u8(i + 2);
      result.interfaces.interface[at] = interface;
      result.interfaces.interface_class[at] = u8(i + 5);
      result.interfaces.interface_subclass[at] = u8(i + 6);
      result.interfaces.interface_protocol[at] = u8(i + 7);
    } else if (u8(i + 1) == 5) {
      const std::size_t at = slot_of(u8(i + 2));
      result.endpoints.type[at] = u8(i + 3) & 3U;
      result.endpoints.interval[at] = u8(i + 6);
      result.endpoints.interface[at] = interface;
      result.endpoints.max_packet_size[at] = u16(i + 4);
      // 512 bytes a bulk packet is what makes a device a high-speed one.
      if (u16(i + 4) > 64) result.device.speed = usb_redir_speed_high;
    }
  }
  return result;
}

}  // namespace

RedirConnection::RedirConnection(int fd) : fd_(fd), parser_(usbredirparser_create()) {
  if (parser_ == nullptr) throw std::runtime_error("no usb-redir parser");
  set_callbacks();
  std::array<std::uint32_t, USB_REDIR_CAPS_SIZE> caps{};
  for (const int cap :
       {usb_redir_cap_connect_device_version, usb_redir_cap_filter, usb_redir_cap_device_disconnect_ack,
        usb_redir_cap_ep_info_max_packet_size, usb_redir_cap_64bits_ids, usb_redir_cap_32bits_bulk_length}) {
    usbredirparser_caps_set_cap(caps.data(), cap);
  }
  usbredirparser_init(parser_, "lightseed-emulate", caps.data(), USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
}

RedirConnection::~RedirConnection() {
  usbredirparser_destroy(parser_);
  ::close(fd_);
}

void RedirConnection::set_callbacks() {
  parser_->priv = this;
  parser_->log_func = [](void*, int, const char*) {};
  parser_->read_func = [](void* priv, std::uint8_t* data, int count) {
    const ssize_t got = ::recv(self(priv).fd_, data, static_cast<std::size_t>(count), MSG_DONTWAIT);
    if (got > 0) return static_cast<int>(got);
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  };
  parser_->write_func = [](void* priv, std::uint8_t* data, int count) {
    const ssize_t put = ::send(self(priv).fd_, data, static_cast<std::size_t>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put >= 0) return static_cast<int>(put);
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  };
  parser_->hello_func = [](void* priv, usb_redir_hello_header*) {
    self(priv).greeted_ = true;
    if (self(priv).model_) self(priv).announce();
  };
  parser_->reset_func = [](void* priv) {
    if (self(priv).model_) self(priv).model_->reset();
  };
  parser_->set_configuration_func = [](void* priv, std::uint64_t id, usb_redir_set_configuration_header* wanted) {
    usb_redir_configuration_status_header status{usb_redir_success, wanted->configuration};
    usbredirparser_send_configuration_status(self(priv).parser_, id, &status);
  };
  parser_->get_configuration_func = [](void* priv, std::uint64_t id) {
    usb_redir_configuration_status_header status{usb_redir_success, 1};
    usbredirparser_send_configuration_status(self(priv).parser_, id, &status);
  };
  parser_->set_alt_setting_func = [](void* priv, std::uint64_t id, usb_redir_set_alt_setting_header* wanted) {
    usb_redir_alt_setting_status_header status{usb_redir_success, wanted->interface, wanted->alt};
    usbredirparser_send_alt_setting_status(self(priv).parser_, id, &status);
  };
  parser_->get_alt_setting_func = [](void* priv, std::uint64_t id, usb_redir_get_alt_setting_header* wanted) {
    usb_redir_alt_setting_status_header status{usb_redir_success, wanted->interface, 0};
    usbredirparser_send_alt_setting_status(self(priv).parser_, id, &status);
  };
  parser_->control_packet_func = [](void* priv, std::uint64_t id, usb_redir_control_packet_header* header,
                                    std::uint8_t* data, int size) {
    self(priv).on_control(id, *header, take(self(priv).parser_, data, size));
  };
  parser_->bulk_packet_func = [](void* priv, std::uint64_t id, usb_redir_bulk_packet_header* header, std::uint8_t* data,
                                 int size) { self(priv).on_bulk(id, *header, take(self(priv).parser_, data, size)); };
  // Nothing is ever notified: the endpoint is listened to, as cdc_acm does, and stays silent.
  parser_->start_interrupt_receiving_func = [](void* priv, std::uint64_t id,
                                               usb_redir_start_interrupt_receiving_header* wanted) {
    usb_redir_interrupt_receiving_status_header status{usb_redir_success, wanted->endpoint};
    usbredirparser_send_interrupt_receiving_status(self(priv).parser_, id, &status);
  };
  parser_->stop_interrupt_receiving_func = [](void* priv, std::uint64_t id,
                                              usb_redir_stop_interrupt_receiving_header* wanted) {
    usb_redir_interrupt_receiving_status_header status{usb_redir_success, wanted->endpoint};
    usbredirparser_send_interrupt_receiving_status(self(priv).parser_, id, &status);
  };
  parser_->cancel_data_packet_func = [](void* priv, std::uint64_t id) { self(priv).on_cancel(id); };
  parser_->filter_filter_func = [](void*, usbredirfilter_rule* rules, int) { std::free(rules); };
  parser_->filter_reject_func = [](void*) {};
  parser_->device_disconnect_ack_func = [](void*) {};
}

void RedirConnection::announce() {
  Description what = describe(model_->descriptors());
  usbredirparser_send_interface_info(parser_, &what.interfaces);
  usbredirparser_send_ep_info(parser_, &what.endpoints);
  usbredirparser_send_device_connect(parser_, &what.device);
}

void RedirConnection::plug(std::shared_ptr<UsbModel> model) {
  model_ = std::move(model);
  gone_ = false;
  if (greeted_) announce();
}

void RedirConnection::unplug() {
  if (!model_) return;
  model_.reset();
  pending_.clear();
  if (greeted_) usbredirparser_send_device_disconnect(parser_);
}

bool RedirConnection::receive() {
  return usbredirparser_do_read(parser_) == 0;
}

bool RedirConnection::has_output() const {
  return usbredirparser_has_data_to_write(parser_) > 0;
}

bool RedirConnection::flush() {
  return !has_output() || usbredirparser_do_write(parser_) == 0;
}

void RedirConnection::on_control(std::uint64_t id, usb_redir_control_packet_header header, Bytes out) {
  if (!model_) return;  // the host has not heard of the end yet
  // What was queued before a control request reaches the device before it.
  progress(Clock::now());
  if (gone_) return;
  const Setup setup{header.requesttype, header.request, header.value, header.index, header.length};
  auto reply = answer_control(*model_, setup, out, Clock::now());
  const bool to_host = (header.requesttype & 0x80U) != 0;
  header.status = reply ? usb_redir_success : usb_redir_stall;
  if (!reply || !to_host) {
    if (!reply) header.length = 0;
    usbredirparser_send_control_packet(parser_, id, &header, nullptr, 0);
    return;
  }
  header.length = static_cast<std::uint16_t>(reply->size());
  usbredirparser_send_control_packet(parser_, id, &header, reinterpret_cast<std::uint8_t*>(reply->data()),
                                     static_cast<int>(reply->size()));
}

void RedirConnection::on_bulk(std::uint64_t id, const usb_redir_bulk_packet_header& header, Bytes out) {
  if (!model_) return;
  const std::size_t length = header.length | static_cast<std::size_t>(header.length_high) << 16U;
  pending_[header.endpoint].push_back({id, header.stream_id, length, std::move(out)});
}

void RedirConnection::on_cancel(std::uint64_t id) {
  for (auto& [endpoint, transfers] : pending_) {
    const auto it = std::find_if(transfers.begin(), transfers.end(), [&](const Transfer& t) { return t.id == id; });
    if (it == transfers.end()) continue;
    answer(endpoint, *it, usb_redir_cancelled, {});
    transfers.erase(it);
    return;
  }
}

void RedirConnection::answer(std::uint8_t endpoint, const Transfer& transfer, std::uint8_t status,
                             std::span<std::byte> data) {
  const bool to_host = (endpoint & 0x80U) != 0;
  const std::size_t length = to_host ? data.size() : status == usb_redir_success ? transfer.out.size() : 0;
  usb_redir_bulk_packet_header header{.endpoint = endpoint,
                                      .status = status,
                                      .length = static_cast<std::uint16_t>(length & 0xFFFFU),
                                      .stream_id = transfer.stream,
                                      .length_high = static_cast<std::uint16_t>(length >> 16U)};
  usbredirparser_send_bulk_packet(parser_, transfer.id, &header, reinterpret_cast<std::uint8_t*>(data.data()),
                                  static_cast<int>(data.size()));
}

Clock::time_point RedirConnection::progress(Clock::time_point now) {
  auto retry = Clock::time_point::max();
  if (!model_) return retry;
  Bytes room;
  for (auto& [endpoint, transfers] : pending_) {
    while (!transfers.empty()) {
      const Transfer& transfer = transfers.front();
      const bool to_host = (endpoint & 0x80U) != 0;
      room.resize(to_host ? transfer.length : 0);
      const Bulk bulk = to_host ? model_->bulk_in(endpoint, room, now) : model_->bulk_out(endpoint, transfer.out, now);
      if (bulk.result == Bulk::Result::gone) {
        gone_ = true;
        return retry;
      }
      if (bulk.result == Bulk::Result::nak) {
        retry = std::min(retry, bulk.retry);
        break;
      }
      const std::size_t moved = bulk.result == Bulk::Result::done && to_host ? bulk.bytes : 0;
      answer(endpoint, transfer, status_of(bulk.result), std::span(room).first(moved));
      transfers.pop_front();
    }
  }
  return retry;
}

}  // namespace lightseed::emulated
