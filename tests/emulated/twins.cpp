// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/twins.h"

#include "tests/emulated/bitbabbler/emulated_bitbabbler.h"
#include "tests/emulated/cdc_acm_front.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"
#include "tests/emulated/comscire/emulated_comscire.h"
#include "tests/emulated/ftdi_front.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"
#include "tests/emulated/onerng/emulated_onerng.h"
#include "tests/emulated/qcicada/emulated_qcicada.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/emulated/rava/emulated_rava.h"
#include "tests/emulated/truerng/emulated_truerng.h"

namespace lightseed::emulated {
namespace {

std::shared_ptr<UsbModel> quantis(const TwinOptions& options) {
  return std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{
      .serial = options.serial, .bytes_per_second = 500'000 * options.speed, .run = options.run});
}

/// PQ128MU, PQ32MU, the MED models of 100 kbit/s (MeterFeeder, MED_DEVICES.md); the others give 4 Mbit/s.
double comscire_rate(const std::string& serial) {
  if (serial.starts_with("QWR7") || serial.starts_with("QWR8")) return 16e6;
  if (serial.starts_with("QWR3") || serial.starts_with("QWR5")) return 4e6;
  const bool slow = serial.starts_with("QWR4") && std::string("ABDERX").find(serial[4]) != std::string::npos;
  return slow ? 12'500 : 500e3;
}

std::shared_ptr<UsbModel> comscire(const TwinOptions& options) {
  const double rate = comscire_rate(options.serial) * options.speed;
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedComScire>(options.run, rate),
                                        EmulatedComScire::identity(options.serial));
}

std::shared_ptr<UsbModel> infnoise(const TwinOptions& options) {
  auto identity = EmulatedInfNoise::identity();
  identity.serial = options.serial;
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedInfNoise>(options.run), identity);
}

std::shared_ptr<UsbModel> bitbabbler(const TwinOptions& options) {
  auto identity = EmulatedBitBabbler::identity();
  identity.serial = options.serial;
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedBitBabbler>(options.run), identity);
}

std::shared_ptr<UsbModel> chaoskey(const TwinOptions& options) {
  return std::make_shared<EmulatedChaosKey>(options.run);
}

std::shared_ptr<SerialModel> rava(const TwinOptions& options) {
  return std::make_shared<EmulatedRava>(EmulatedRava::Options{.protocol = options.protocol == 2 ? 2 : 3,
                                                              .serial = options.serial,
                                                              .bytes_per_second = 17'000 * options.speed,
                                                              .run = options.run});
}

std::shared_ptr<SerialModel> onerng(const TwinOptions& options) {
  return std::make_shared<EmulatedOneRng>(options.run);
}

std::shared_ptr<SerialModel> truerng(const TwinOptions& options) {
  auto device = std::make_shared<EmulatedTrueRng>(options.run, 48'000 * options.speed);
  device->version = 1;  // its product number on the bus is the first Pro's
  // A pseudo-terminal tells nobody of baud rates: the knock into its usual mode is made here.
  for (const unsigned baud : {110U, 300U, 110U, 300U})
    device->line_coding(baud);
  return device;
}

std::shared_ptr<SerialModel> qcicada(const TwinOptions& options) {
  return std::make_shared<EmulatedQCicada>(options.run, 12'500 * options.speed);
}

/// The numbers are those of the devices; each calls itself EMULATED, which the real ones do not.
std::shared_ptr<UsbModel> rava_on_usb(std::shared_ptr<SerialModel> device, const TwinOptions& options) {
  return std::make_shared<EmulatedCdcAcm>(std::move(device),
                                          EmulatedCdcAcm::Identity{.vendor = 0x1209,
                                                                   .product = 0x4884,
                                                                   .manufacturer_text = "Gabriel Guerrer",
                                                                   .product_text = "RAVA8 RNG EMULATED",
                                                                   .serial = options.serial,
                                                                   .deaf_until_rate = true});
}

std::shared_ptr<UsbModel> onerng_on_usb(std::shared_ptr<SerialModel> device, const TwinOptions&) {
  return std::make_shared<EmulatedCdcAcm>(std::move(device),
                                          EmulatedCdcAcm::Identity{.vendor = 0x1d50,
                                                                   .product = 0x6086,
                                                                   .release = 0x0009,
                                                                   .manufacturer_text = "Moonbase Otago",
                                                                   .product_text = "OneRNG EMULATED",
                                                                   .serial = "00"});
}

std::shared_ptr<UsbModel> truerng_on_usb(std::shared_ptr<SerialModel> device, const TwinOptions&) {
  return std::make_shared<EmulatedCdcAcm>(std::move(device),
                                          EmulatedCdcAcm::Identity{.vendor = 0x16d0,
                                                                   .product = 0x0aa0,
                                                                   .manufacturer_text = "ubld.it",
                                                                   .product_text = "TrueRNGpro EMULATED",
                                                                   .serial = "EMU-TRP-1"});
}

/// Its bridge's numbers are not published; an FT230X is likely.
std::shared_ptr<UsbModel> qcicada_on_usb(std::shared_ptr<SerialModel> device, const TwinOptions&) {
  return std::make_shared<EmulatedFtdi>(std::move(device), EmulatedFtdi::Identity{.product = 0x6015,
                                                                                  .max_packet = 64,
                                                                                  .manufacturer_text = "FTDI",
                                                                                  .product_text = "FT230X EMULATED",
                                                                                  .serial = "EMUQC217",
                                                                                  .release = 0x1000});
}

}  // namespace

const std::vector<Twin>& twins() {
  static const std::vector<Twin> all{
      {.name = "quantis", .words = "Quantis USB-4M", .default_serial = "EMU0001", .protocols = {}, .make = quantis},
      {.name = "comscire",
       .words = "PureQuantum PQ128MU",
       .default_serial = "QWR70001",
       .protocols = {},
       .make = comscire},
      {.name = "infnoise",
       .words = "Infinite Noise TRNG",
       .default_serial = "1337-E0000001",
       .protocols = {},
       .make = infnoise},
      {.name = "bitbabbler",
       .words = "BitBabbler White",
       .default_serial = "EMU2B1",
       .protocols = {},
       .make = bitbabbler},
      {.name = "chaoskey", .words = "ChaosKey", .default_serial = {}, .protocols = {}, .make = chaoskey},
      {.name = "rava",
       .words = "RAVA8",
       .default_serial = "EMULATED01",
       .protocols = {3, 2},
       .make = rava,
       .front = rava_on_usb},
      {.name = "onerng",
       .words = "OneRNG",
       .default_serial = {},
       .protocols = {},
       .make = onerng,
       .front = onerng_on_usb},
      {.name = "truerng",
       .words = "TrueRNG Pro",
       .default_serial = {},
       .protocols = {},
       .make = truerng,
       .front = truerng_on_usb},
      {.name = "qcicada",
       .words = "QCicada",
       .default_serial = {},
       .protocols = {},
       .make = qcicada,
       .front = qcicada_on_usb},
  };
  return all;
}

}  // namespace lightseed::emulated
