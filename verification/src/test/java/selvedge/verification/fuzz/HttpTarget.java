package selvedge.verification.fuzz;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fuzzes the port of a server with bytes in one or two pieces. */
public final class HttpTarget {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 5\\d\\d ");
  private static final FuzzedServer SERVER = new FuzzedServer();

  private HttpTarget() {}

  /** Starts the server before the first input, whose time is limited. */
  public static void fuzzerInitialize() {
    SERVER.uri();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    String answers = SERVER.send(data);
    Matcher matcher = STATUS.matcher(answers);
    if (matcher.find() && !matcher.group().contains("501") && !matcher.group().contains("505")) {
      throw new AssertionError("the response is not HTTP: " + answers);
    }
  }
}
