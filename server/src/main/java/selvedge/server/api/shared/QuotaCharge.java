package selvedge.server.api.shared;

import java.io.IOException;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.server.api.CountedRequest;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;
import selvedge.server.quota.QuotaBalance;

/** Counts requests against what an account may do, and tells the sender what is left. */
public record QuotaCharge(Allowance allowance) {

  /** What was spent on one change, and what is left. */
  record Payment(AccountId account, Quota quota, Optional<QuotaBalance> left) {}

  /** Something that counts whatever it finds. */
  public Response read(AccountId account, Quota quota, ErrorResponses.Action action)
      throws IOException {
    Optional<QuotaBalance> left = allowance.spend(account, quota, 1);
    return withLeft(action.run(), left);
  }

  /** A change, which does not count when it is refused after all. */
  public Response change(AccountId account, Quota quota, ErrorResponses.Action action)
      throws IOException {
    return settle(pay(account, quota), action);
  }

  /** Takes what a change costs. */
  Payment pay(AccountId account, Quota quota) {
    return new Payment(account, quota, allowance.spend(account, quota, 1));
  }

  void giveBack(Payment payment) {
    allowance.giveBack(payment.account(), payment.quota(), 1);
  }

  /** Ends a change that was paid for. */
  Response settle(Payment payment, ErrorResponses.Action action) throws IOException {
    boolean done = false;
    try {
      Response response = action.run();
      done = response.status() < 300;
      return withLeft(response, payment.left());
    } finally {
      if (!done) {
        giveBack(payment);
      }
    }
  }

  /**
   * Refuses a write that comes too soon or has no room, before its body is read. Returns the
   * request to read the body from: one of unknown length is counted while it arrives.
   */
  public Request admitWrite(AccountId account, NamespaceId namespace, Key key, Request request) {
    allowance.admitWrite(account, namespace, key, request.contentLength().orElse(0));
    return request.contentLength().isPresent()
        ? request
        : new CountedRequest(request, bytes -> allowance.admitBytes(account, bytes));
  }

  private static Response withLeft(Response response, Optional<QuotaBalance> left) {
    return left.map(l -> response.header(HeaderNames.SELVEDGE_QUOTA_LEFT, Long.toString(l.left())))
        .orElse(response);
  }
}
