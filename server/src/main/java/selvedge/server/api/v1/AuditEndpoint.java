package selvedge.server.api.v1;

import java.util.List;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.audit.Audit;

/** {@code /v1/audit}: lists the administrative acts for operators. */
public final class AuditEndpoint {
  private static final int COUNT_MAX = 1000;

  private final Audit audit;

  public AuditEndpoint(Audit audit) {
    this.audit = audit;
  }

  Response list(Request request) {
    Query query = Query.of(request);
    long after = number("after", query.text("after").orElse("0"), 0, Long.MAX_VALUE);
    int count = (int) number("limit", query.text("limit").orElse("" + COUNT_MAX), 1, COUNT_MAX);
    List<Audit.Numbered> acts = audit.list(after, count);
    return V1Api.json(
        json -> {
          json.writeArrayPropertyStart("acts");
          for (Audit.Numbered act : acts) {
            json.writeStartObject();
            Audit.write(json, act);
            json.writeEndObject();
          }
          json.writeEndArray();
          if (acts.size() == count) {
            json.writeNumberProperty("next", acts.getLast().number());
          }
        });
  }

  private static long number(String name, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(name, text, least, most);
    }
    throw bad(name, text, least, most);
  }

  private static InvalidRequestException bad(String name, String text, long least, long most) {
    String range = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
    return new InvalidRequestException(
        name + " must be a whole number, " + range + ", got \"" + text + "\"");
  }
}
