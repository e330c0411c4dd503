package selvedge.verification.access;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.NamespaceId;
import selvedge.server.access.Caller;
import selvedge.server.access.Grant;
import selvedge.server.access.Right;
import selvedge.server.access.Token;
import selvedge.server.api.route.Access;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.RestRoute;
import selvedge.server.api.route.Route;

/**
 * One of the callers that send every route, and the status that each must get.
 *
 * @param name as the documentation has it
 * @param secret of the token; empty without one
 * @param caller the rights of the token; empty if it is not valid
 */
record ScanCaller(String name, String secret, Optional<Caller> caller) {
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  static ScanCaller with(String name, String secret, Grant.Scope scope, Right right) {
    var token =
        new Token("scan", name, Bytes.EMPTY, new Grant(scope, right), Instant.EPOCH, Expiry.NEVER);
    return new ScanCaller(name, secret, Optional.of(token));
  }

  /** Returns whether the route admits the caller. */
  boolean isAdmitted(Route route, AccountId account, NamespaceId namespace) {
    return switch (route.entry().access()) {
      case Access.Anyone() -> true;
      case Access.AnyCaller() -> caller.isPresent();
      case Access.InAccount() -> has(each -> each.hasRightIn(account));
      case Access.Account(Right right) -> has(each -> each.may(right, account));
      case Access.Namespace(Right right) ->
          has(each -> each.keys(right, account, namespace).isPresent());
      case Access.Everywhere(Right right) -> has(each -> each.mayEverywhere(right));
      case Access.Operator() -> has(Caller::mayOperate);
    };
  }

  private boolean has(Predicate<Caller> right) {
    return caller.filter(right).isPresent();
  }

  /** Returns the status with which the protocol of the route refuses the caller. */
  int refusal(Route route, AccountId account, NamespaceId namespace) {
    boolean seesNamespace = has(each -> each.keys(Right.READ, account, namespace).isPresent());
    boolean inNamespace =
        route.entry().path().toString().contains("{namespace}")
            || route.entry().access() instanceof Access.Namespace;
    if (caller.isEmpty()) {
      return unknown(route);
    }
    return switch (route.protocol()) {
      case REST, EXPLORER -> {
        boolean isHidden = inNamespace && !seesNamespace && has(each -> each.hasRightIn(account));
        yield isHidden ? NOT_FOUND : FORBIDDEN;
      }
      case BINDING -> seesNamespace ? FORBIDDEN : BAD_REQUEST;
      case V1 -> inNamespace && !seesNamespace ? NOT_FOUND : FORBIDDEN;
      case PROBES, PAGES, NONE -> FORBIDDEN;
    };
  }

  /** The REST API answers a request without a token as the service does. */
  private int unknown(Route route) {
    boolean isVerify = route == RestRoute.VERIFY || route == RestRoute.VERIFY_IN_ACCOUNT;
    boolean isRest =
        route.protocol() == ProtocolName.REST || route.protocol() == ProtocolName.EXPLORER;
    return isRest && secret.isEmpty() && !isVerify ? BAD_REQUEST : UNAUTHORIZED;
  }
}
