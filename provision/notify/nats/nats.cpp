// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/nats/nats.h"

#include <fmt/format.h>
#include <nats/nats.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "core/error.h"
#include "core/json.h"
#include "provision/notify/nats/address.h"

namespace lightseed {
namespace {

// How long a server is waited for, in milliseconds. It stores a message in one or two.
constexpr std::int64_t longest_wait = 5000;

template <typename T, void (*Destroy)(T*)>
struct Freed {
  void operator()(T* thing) const noexcept { Destroy(thing); }
};
using NatsOptions = std::unique_ptr<natsOptions, Freed<natsOptions, natsOptions_Destroy>>;
using NatsConnection = std::unique_ptr<natsConnection, Freed<natsConnection, natsConnection_Destroy>>;
using NatsStreams = std::unique_ptr<jsCtx, Freed<jsCtx, jsCtx_Destroy>>;
using NatsMessage = std::unique_ptr<natsMsg, Freed<natsMsg, natsMsg_Destroy>>;
using NatsReceipt = std::unique_ptr<jsPubAck, Freed<jsPubAck, jsPubAck_Destroy>>;

std::string from_environment(const char* name) {
  const char* const value = secure_getenv(name);
  return value == nullptr ? std::string() : value;
}

/// JetStream cannot do it now, and may be able to later.
bool is_passing(jsErrCode code) {
  return code == JSInsufficientResourcesErr || code == JSMemoryResourcesExceededErr ||
         code == JSStorageResourcesExceededErr || code == JSStreamStoreFailedErr || code == JSClusterNotAvailErr ||
         code == JSClusterNotLeaderErr;
}

/// The library puts its file and line in front: "(conn.c:2088): No server available for connection".
std::string without_place(std::string_view words) {
  const std::size_t end = words.find("): ");
  return std::string(words.starts_with('(') && end != std::string_view::npos ? words.substr(end + 3) : words);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void require_readable(const std::string& path) {
  if (path.empty()) return;
  if (access(path.c_str(), R_OK) != 0) throw system_error("read", path, errno);
}

class NatsNotifier final : public Notifier {
 public:
  explicit NatsNotifier(NatsAddress address) : address_(std::move(address)) {
    for (const std::string& file :
         {address_.ca_file, address_.certificate_file, address_.key_file, address_.credentials_file})
      require_readable(file);
    const NatsOptions options = make_options();
    natsConnection* connection = nullptr;
    const natsStatus connected = natsConnection_Connect(&connection, options.get());
    connection_.reset(connection);
    if (connected != NATS_OK) throw failure("cannot be reached", connected);
    jsCtx* streams = nullptr;
    const natsStatus made = natsConnection_JetStream(&streams, connection, nullptr);
    streams_.reset(streams);
    if (made != NATS_OK) throw failure("cannot be used", made);
    require_stream();
  }

  bool deliver(const LedgerMessage& message) override {
    const std::string text = message_text(message);
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MsgId = message.id.c_str();
    options.MaxWait = longest_wait;
    jsPubAck* receipt = nullptr;
    jsErrCode code{};
    const natsStatus status = js_Publish(&receipt, streams_.get(), address_.subject.c_str(), text.data(),
                                         static_cast<int>(text.size()), &options, &code);
    const NatsReceipt held(receipt);
    // Where the stream was seen to be, the server is going down, or chooses another leader.
    if (status == NATS_NO_RESPONDERS && stream_.empty()) throw no_stream();
    if (status != NATS_OK) throw failure("did not store a message", status, code);
    return !receipt->Duplicate;
  }

  std::optional<std::string> last_delivered() override {
    if (stream_.empty()) return std::nullopt;
    jsOptions options;
    jsOptions_Init(&options);
    options.Wait = longest_wait;
    natsMsg* last = nullptr;
    jsErrCode code{};
    const natsStatus status =
        js_GetLastMsg(&last, streams_.get(), stream_.c_str(), address_.subject.c_str(), &options, &code);
    const NatsMessage held(last);
    const char* id = nullptr;
    // An empty stream, or a user that may not ask: repeats are then recognised for as long as the stream says.
    if (status == NATS_NOT_FOUND || (status != NATS_OK && was_forbidden())) return std::nullopt;
    if (status != NATS_OK) throw failure("cannot be asked for its last message", status, code);
    if (natsMsgHeader_Get(last, "Nats-Msg-Id", &id) != NATS_OK) return std::nullopt;
    return std::string(id);
  }

  [[nodiscard]] bool knows_repeats() const noexcept override { return true; }

 private:
  NatsAddress address_;
  NatsConnection connection_;
  NatsStreams streams_;
  std::string stream_;  ///< that takes the subject; empty: this user may not ask

  NatsOptions make_options() const {
    natsOptions* made = nullptr;
    natsStatus status = natsOptions_Create(&made);
    NatsOptions options(made);
    const auto set = [&](natsStatus one) { status = status == NATS_OK ? one : status; };
    const auto file = [](const std::string& path) { return path.empty() ? nullptr : path.c_str(); };
    if (status == NATS_OK) {
      set(natsOptions_SetURL(made, address_.server.c_str()));
      set(natsOptions_SetName(made, "lightseed"));
      set(natsOptions_SetTimeout(made, longest_wait));
      // A connection that is lost is an error of the call that met it: the next one begins with what was not delivered.
      set(natsOptions_SetAllowReconnect(made, false));
      set(natsOptions_SetFailRequestsOnDisconnect(made, true));
      if (address_.encrypted || !address_.ca_file.empty() || !address_.certificate_file.empty())
        set(natsOptions_SetSecure(made, true));
      if (!address_.ca_file.empty()) set(natsOptions_LoadCATrustedCertificates(made, address_.ca_file.c_str()));
      if (!address_.certificate_file.empty())
        set(natsOptions_LoadCertificatesChain(made, address_.certificate_file.c_str(), address_.key_file.c_str()));
      if (!address_.credentials_file.empty())
        set(natsOptions_SetUserCredentialsFromFiles(made, address_.credentials_file.c_str(), nullptr));
      const std::string user = from_environment("NATS_USER"), password = from_environment("NATS_PASSWORD");
      if (!user.empty()) set(natsOptions_SetUserInfo(made, user.c_str(), file(password)));
    }
    if (status != NATS_OK) throw failure("cannot be reached with these settings", status);
    return options;
  }

  /// Without a stream that takes the subject nothing would be kept: that is better known before the first message.
  void require_stream() {
    const std::string asked = Json{{"subject", address_.subject}}.dump();
    natsMsg* answer = nullptr;
    const natsStatus status = natsConnection_Request(&answer, connection_.get(), "$JS.API.STREAM.NAMES", asked.data(),
                                                     static_cast<int>(asked.size()), longest_wait);
    const NatsMessage held(answer);
    if (status == NATS_NO_RESPONDERS) {
      throw Error(Category::refused, fmt::format("{} has no JetStream, which alone keeps messages: start nats-server "
                                                 "with -js, or enable it for this account",
                                                 address_.server));
    }
    // Publishing says so too where this user may not ask.
    if (status == NATS_NOT_PERMITTED || (status == NATS_TIMEOUT && was_forbidden())) return;
    if (status != NATS_OK) throw failure("cannot be asked for its streams", status);
    const Json said = Json::parse(
        std::string(natsMsg_GetData(answer), static_cast<std::size_t>(natsMsg_GetDataLength(answer))), nullptr, false);
    if (said.is_object() && said.contains("error")) return;
    const bool has_names = said.is_object() && said.contains("streams") && said["streams"].is_array();
    if (!has_names || said["streams"].empty() || !said["streams"][0].is_string()) throw no_stream();
    stream_ = said["streams"][0].get<std::string>();
  }

  /// What the server last said this user may not do; nothing where it said nothing of the kind.
  [[nodiscard]] const char* last_violation() const {
    const char* said = nullptr;
    if (connection_ == nullptr || natsConnection_GetLastError(connection_.get(), &said) != NATS_NOT_PERMITTED)
      return nullptr;
    return said;
  }

  [[nodiscard]] bool was_forbidden() const { return last_violation() != nullptr; }

  [[nodiscard]] Error no_stream() const {
    return {Category::refused,
            fmt::format("no stream of {} takes the subject {}: who runs the server makes one, for example with "
                        "nats stream add LEDGER --subjects {} --storage file",
                        address_.server, address_.subject, address_.subject)};
  }

  [[nodiscard]] Error failure(const char* what, natsStatus status, jsErrCode code = {}) const {
    natsStatus last{};
    const char* const more = nats_GetLastError(&last);
    std::string why = natsStatus_GetText(status);
    if (last == status && more != nullptr && *more != '\0') why = without_place(more);
    // A server says why it took nothing on the connection, and lets the call wait. What it said stays there: that this
    // user may not ask for streams is no reason why a later message is not taken.
    if (const char* const said = last_violation(); said != nullptr && contains(said, address_.subject)) {
      status = NATS_NOT_PERMITTED;
      why = said;
    }
    const std::string words = fmt::format("the NATS server {} {}: {}", address_.server, what, why);
    const bool for_a_person = status == NATS_CONNECTION_AUTH_FAILED || status == NATS_NOT_PERMITTED ||
                              status == NATS_SSL_ERROR || status == NATS_SECURE_CONNECTION_WANTED ||
                              status == NATS_SECURE_CONNECTION_REQUIRED || status == NATS_MAX_PAYLOAD ||
                              status == NATS_INVALID_ARG || status == NATS_ERR;
    if ((for_a_person || code != 0) && !is_passing(code)) {
      return {Category::refused,
              fmt::format("{}; see that its rights, credentials and limits are right{}, and call again", words,
                          status == NATS_SSL_ERROR
                              ? ", and that ca=FILE behind a `?` names the authority of its certificate"
                              : "")};
    }
    // What a server that wants to see a certificate does to those that show none.
    const bool wants_certificate = address_.certificate_file.empty() && contains(why, "Expected 'PONG'");
    return {Category::busy,
            fmt::format("{}; see that it runs{}, and call again", words,
                        wants_certificate ? " (it may want a certificate: cert=FILE and key=FILE behind a `?`)" : "")};
  }
};

}  // namespace

std::unique_ptr<Notifier> open_nats_notifier(const std::string& uri) {
  return std::make_unique<NatsNotifier>(nats_address(uri));
}

}  // namespace lightseed
