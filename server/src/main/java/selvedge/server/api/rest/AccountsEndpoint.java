package selvedge.server.api.rest;

import java.util.ArrayList;
import java.util.List;
import selvedge.model.AccountId;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.api.Json;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JsonGenerator;

/**
 * {@code /user}, {@code /accounts} and {@code /memberships}, which clients request around the keys.
 */
final class AccountsEndpoint {
  private static final int PER_PAGE = 1000;

  private final Namespaces namespaces;
  private final AccountId defaultAccount;

  /**
   * @param defaultAccount the default account, which is listed before it has a namespace
   */
  AccountsEndpoint(Namespaces namespaces, AccountId defaultAccount) {
    this.namespaces = namespaces;
    this.defaultAccount = defaultAccount;
  }

  Response verify(Caller caller) {
    return Envelope.success(
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", caller.tokenId());
          json.writeStringProperty("status", "active");
          json.writeEndObject();
        },
        _ -> {},
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("code", 10000);
          json.writeStringProperty("message", "This API Token is valid and active");
          json.writeNullProperty("type");
          json.writeEndObject();
        });
  }

  Response user(Caller caller) {
    return Envelope.success(
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", caller.tokenId());
          json.writeStringProperty("email", caller.tokenId() + "@selvedge.invalid");
          json.writeEndObject();
        });
  }

  Response accounts(Request request, Caller caller) {
    return listing(request, caller, AccountsEndpoint::writeAccount);
  }

  Response memberships(Request request, Caller caller) {
    return listing(
        request,
        caller,
        (json, account) -> {
          json.writeStartObject();
          json.writeStringProperty("id", account.hex());
          json.writeStringProperty("status", "accepted");
          json.writeName("account");
          writeAccount(json, account);
          json.writeArrayPropertyStart("roles");
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  Response account(AccountId account) {
    return Envelope.success(json -> writeAccount(json, account));
  }

  private interface One {
    void write(JsonGenerator json, AccountId account);
  }

  private Response listing(Request request, Caller caller, One one) {
    boolean first = Query.of(request).text("page").orElse("1").equals("1");
    List<AccountId> all = visible(caller);
    List<AccountId> shown = first ? all : List.of();
    Json.Writing result =
        json -> {
          json.writeStartArray();
          shown.forEach(account -> one.write(json, account));
          json.writeEndArray();
        };
    return Envelope.success(
        result,
        json -> {
          json.writeObjectPropertyStart("result_info");
          json.writeNumberProperty("page", 1);
          json.writeNumberProperty("per_page", PER_PAGE);
          json.writeNumberProperty("count", shown.size());
          json.writeNumberProperty("total_count", all.size());
          json.writeNumberProperty("total_pages", 1);
          json.writeEndObject();
        });
  }

  private List<AccountId> visible(Caller caller) {
    if (caller.account().isPresent()) {
      return List.of(caller.account().get());
    }
    List<AccountId> accounts = new ArrayList<>(namespaces.accounts());
    if (!accounts.contains(defaultAccount)) {
      accounts.addFirst(defaultAccount);
    }
    return accounts;
  }

  private static void writeAccount(JsonGenerator json, AccountId account) {
    json.writeStartObject();
    json.writeStringProperty("id", account.hex());
    json.writeStringProperty("name", "selvedge " + account.hex().substring(0, 8));
    json.writeStringProperty("type", "standard");
    json.writeEndObject();
  }
}
