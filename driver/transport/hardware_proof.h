// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightseed {

/// What the kernel shows of an opened descriptor. `proved` is true only for a device on a real bus.
struct HardwareProof {
  bool proved = false;
  std::string words;     ///< what it is, or why nothing is proved
  std::string usb_path;  ///< of the USB device it belongs to, "1-1.2"; empty where it belongs to none

  friend bool operator==(const HardwareProof&, const HardwareProof&) = default;
};

/// Whether hardware is behind `fd`: whoever cannot show it is taken for a program. Never throws for what it finds.
///
/// A function of its own in a file of its own: a test's executable may define another in its place when it is linked.
/// Nothing that the command reads at run time – option, file, environment – reaches it.
HardwareProof prove_hardware(int fd);

/// What prove_hardware() does. The question is put to the *opened* descriptor, since a path can be a symbolic link that
/// is moved between looking and opening: its device number (which a terminal must confirm), then what /sys has under
/// that number, and where in the tree of buses that stands. /sys must be sysfs, and nothing may be mounted over the
/// directories on the way (openat2's RESOLVE_NO_XDEV): in a user namespace anybody can put a tree of his own there.
HardwareProof proof_by_sysfs(int fd);

/// Judges where a device stands: `place` is what /sys/dev/char/MAJOR:MINOR links to, "../../devices/pci0000:00/…".
/// Real are the buses of the machine; not real are what the kernel computes (virtual), redirects (usbip, virtio, VMBus,
/// Xen) or plays itself (dummy_hcd, gadgets).
HardwareProof judge_place(std::string_view place);

/// The terminal of this process, the consoles and the pseudo-terminal master are nobody's serial ports: they mean
/// another device each time they are opened. Documentation/admin-guide/devices.txt: 5:0 to 5:3, and 4:0 to 4:63.
bool is_console_number(unsigned major, unsigned minor) noexcept;

}  // namespace lightseed
