// SPDX-License-Identifier: Apache-2.0
#include "provision/order/columns.h"

#include <catch2/catch.hpp>

#include "tests/provision/order/written.h"

using namespace lightseed;
using test::first_fault;
using test::notices_of;
using test::reading_of;

TEST_CASE("columns are known in any case, with any punctuation, and by vendors' names (M2)") {
  for (const char* const name :
       {"iccid", "ICCID", "Iccid", " ICC-ID ", "icc_id", "ICC", "ICCID No.", "SIM ICCID", "ICCID Number", "ICCID号"})
    CHECK(meaning_of(name) == ColumnMeaning::iccid);
  for (const char* const name : {"IMSI", "imsi no", "IMSI号码", "SIM-IMSI"})
    CHECK(meaning_of(name) == ColumnMeaning::imsi);
  for (const char* const name : {"MSISDN", "Phone Number", "手机号码", "移动用户号码"})
    CHECK(meaning_of(name) == ColumnMeaning::msisdn);
  for (const char* const name : {"Ki", "OPC", "eKI", "K4", "PIN1", "PUK2", "ADM1", "KIC1", "KID3", "UICC_SCP03_KIC1"})
    CHECK(meaning_of(name) == ColumnMeaning::secret);
  for (const char* const name : {"ACC", "SMSP", "IMEI", "", "Name"})
    CHECK(meaning_of(name) == ColumnMeaning::unused);
  for (const char* const name : {"Order for ICCID", "icicd", "colour", "--"})
    CHECK(meaning_of(name) == ColumnMeaning::unknown);
}

TEST_CASE("sysmocom's and pySim's files are orders; their keys are not read, and that is said") {
  const OrderReading sysmocom = reading_of(
      "IMSI\tICCID\tACC\tPIN1\tPUK1\tPIN2\tPUK2\tKi\tOPC\tADM1\tKIC1\tKID1\tKIK1\n"
      "001010000000001\t8988211000000000011\t0002\t1234\t12345678\t1234\t12345678\tA\tB\t1\tC\tD\tE\n");
  CHECK(sysmocom.bad_lines == 0);
  REQUIRE(sysmocom.order.lines.size() == 1);
  CHECK(sysmocom.order.lines[0].iccid == "8988211000000000011");
  CHECK_THAT(notices_of(sysmocom),
             Catch::Contains("not read: ACC") && Catch::Contains("keys and codes") && Catch::Contains("Ki, OPC, ADM1"));
  const OrderReading pysim = reading_of(
      "\"id\",\"imsi\",\"iccid\",\"acc\",\"ki\",\"opc\",\"adm1\"\n"
      "\"card1\",\"001010000000001\",\"8988211000000000011\",\"0001\",\"1\",\"1\",\"1\"\n");
  CHECK(pysim.bad_lines == 0);
  CHECK(pysim.order.lines.size() == 1);
}

TEST_CASE("a column that may be misspelt is refused; one that cannot be is named as not read") {
  const std::string good = "8988211000000000011,001010000000001,1\n";
  for (const char* const name : {"msidn", "mssidn", "profil", "profiles", "imsi2", "ICCID2"})
    CHECK_THAT(first_fault(std::string("iccid,imsi,") + name + "\n" + good), Catch::Contains("unknown column"));
  const OrderReading reading = reading_of("iccid,imsi,Colour of the box\n" + good);
  CHECK(reading.bad_lines == 0);
  CHECK_THAT(notices_of(reading), Catch::Contains("columns not read: Colour of the box"));
  // Two columns of one meaning: nobody may choose in silence.
  CHECK_THAT(first_fault("iccid,imsi,ICC-ID\n" + good), Catch::Contains("stands twice"));
}

TEST_CASE("lines before the header are not read, and that is said; without a header nothing is guessed") {
  const std::string good = "8988211000000000011,001010000000001\n";
  const OrderReading reading = reading_of("sep=,\nBatch: 7; ordered, 2024\n\nICCID,IMSI\n" + good);
  CHECK(reading.bad_lines == 0);
  CHECK(reading.header->line == 4);
  CHECK(reading.order.lines[0].line == 5);
  CHECK_THAT(notices_of(reading), Catch::Contains("2 lines before the header not read, the first: sep=,"));
  CHECK_THAT(first_fault(good + good), Catch::Contains("no header"));
  CHECK_THAT(first_fault("Dear colleague\n"), Catch::Contains("no line names the columns"));
  // The search for a header has an end.
  std::string titles;
  for (int i = 0; i < 64; ++i)
    titles += "title\n";
  CHECK_THAT(first_fault(titles + "iccid,imsi\n" + good), Catch::Contains("no line names the columns"));
  CHECK(first_fault(titles.substr(6) + "iccid,imsi\n" + good) == "");
}
