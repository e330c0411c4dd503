package selvedge.server.api.v1;

import java.util.Optional;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.V1Route;
import selvedge.server.voter.Membership;

/** Changes of who votes, under {@code /v1/voters}. Safe for use by many threads. */
final class VotersEndpoint {
  private final Control control;

  VotersEndpoint(Control control) {
    this.control = control;
  }

  Response answer(V1Route route, Request request) {
    return switch (route) {
      case CHANGE_VOTERS -> change(request);
      case STEP_DOWN -> stepDown(request);
      case UPGRADE -> upgrade(request);
      case JOIN -> join(request);
      default -> throw new IllegalStateException(route + " is not about voters");
    };
  }

  private Response change(Request request) {
    Query query = Query.of(request);
    Optional<String> added = query.text("add");
    Optional<String> removed = query.text("remove");
    if (added.isEmpty() && removed.isEmpty()) {
      throw new InvalidRequestException("add or remove must name a voter, or both");
    }
    return report(control.membership().change(added, removed, isRehearsal(query)));
  }

  private Response stepDown(Request request) {
    Query query = Query.of(request);
    return report(control.membership().stepDown(query.text("to"), isRehearsal(query)));
  }

  private Response upgrade(Request request) {
    return report(control.membership().upgrade(isRehearsal(Query.of(request))));
  }

  private Response join(Request request) {
    String candidate =
        Query.of(request)
            .text("voter")
            .orElseThrow(
                () -> new InvalidRequestException("voter must name the server that joins"));
    Membership.Invitation invitation = control.membership().join(candidate);
    return V1Api.json(
        json -> {
          json.writeStringProperty("group", invitation.group());
          json.writeStringProperty("leader", invitation.leader().toString());
          json.writeNumberProperty("term", invitation.term());
          json.writeNumberProperty("index", invitation.index());
          json.writeNumberProperty("form", invitation.form());
          json.writeArrayPropertyStart("voters");
          invitation.voters().forEach(json::writeString);
          json.writeEndArray();
        });
  }

  private static boolean isRehearsal(Query query) {
    return query.flag("dry-run");
  }

  private static Response report(Membership.Report report) {
    return V1Api.json(
        json -> {
          json.writeArrayPropertyStart("report");
          report.lines().forEach(json::writeString);
          json.writeEndArray();
        });
  }
}
