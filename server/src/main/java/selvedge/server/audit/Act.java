package selvedge.server.audit;

import java.time.Instant;
import java.util.Map;

/**
 * An administrative act and its result.
 *
 * @param actor the token by id and name, the local secret, or that the server was open
 * @param address the network address of the client; empty if it is not known
 * @param operation in the words of its protocol
 * @param target the path and the query, as they were sent
 * @param result the members of the answer that name what was changed, without secrets
 * @param status of the answer
 * @param leftOut how many refused acts before this one were not recorded
 * @param server the location of the edge that answered; empty for the origin
 */
public record Act(
    Instant moment,
    String actor,
    String address,
    String operation,
    String target,
    Map<String, String> result,
    int status,
    long leftOut,
    String server) {

  /** The beginning of the actor of a request that was not admitted. */
  static final String NOT_ADMITTED = "not admitted";

  public Act {
    result = Map.copyOf(result);
  }

  Act withLeftOut(long count) {
    return new Act(moment, actor, address, operation, target, result, status, count, server);
  }
}
