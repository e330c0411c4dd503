package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import selvedge.model.Codec;
import selvedge.model.Namespace;
import selvedge.patterns.Session;
import selvedge.patterns.SessionCookie;
import selvedge.patterns.SessionOptions;
import selvedge.patterns.Sessions;

/** Logs a user in on two devices and out on both. */
final class SessionsProgram {
  private SessionsProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="sessions"
    Duration lifetime = Duration.ofHours(1);
    var sessions = new Sessions(namespace, "session/", SessionOptions.lifetime(lifetime));
    var cookie = SessionCookie.of("sid", lifetime);

    // Log in: the value of the Set-Cookie field.
    Session session = sessions.create("alice", Map.of("device", "phone"));
    String setCookie = cookie.make(session.id());

    // A later request: the value of the Cookie field. Attributes have types by a codec.
    String id = cookie.parse(setCookie.substring(0, setCookie.indexOf(';'))).orElseThrow();
    sessions.set(id, "visits", 1L, Codec.NUMBER);
    sessions.update(
        id,
        attributes -> {
          attributes.put("cart", "a book");
          return attributes;
        });
    Session read = sessions.get(id).orElseThrow();
    out.println(read.user() + " " + read.data().get("cart"));
    out.println("visits: " + read.get("visits", Codec.NUMBER).orElse(0L));

    // Every session of the user, with its times.
    sessions.create("alice", Map.of("device", "laptop"));
    for (Session each : sessions.all("alice")) {
      boolean valid = !each.lastAccessed().isBefore(each.createdAt());
      out.println("used after it was created: " + valid);
    }
    out.println("ended: " + sessions.destroyAll("alice"));
    // @end
    out.println("found: " + sessions.get(id).isPresent());
  }
}
