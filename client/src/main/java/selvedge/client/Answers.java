package selvedge.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Version;
import selvedge.model.wire.MessageReader;

/** Reads the parts of answers. */
final class Answers {
  private Answers() {}

  static byte[] body(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      return body.readAllBytes();
    }
  }

  static byte[] accepted(HttpResponse<InputStream> answer) throws IOException {
    byte[] body = body(answer);
    if (answer.statusCode() >= 400) {
      throw Failures.of(answer.statusCode(), body);
    }
    return body;
  }

  static long number(Pattern pattern, byte[] json) throws IOException {
    Matcher matcher = pattern.matcher(new String(json, StandardCharsets.UTF_8));
    if (!matcher.find()) {
      throw new UnknownFormException("it contains no number");
    }
    return Long.parseLong(matcher.group(1));
  }

  static Version frames(HttpResponse<InputStream> answer, MessageReader.Entries entries)
      throws IOException {
    if (answer.statusCode() != 200) {
      throw Failures.of(answer.statusCode(), body(answer));
    }
    try (InputStream in = new BufferedInputStream(answer.body())) {
      var reader = new MessageReader(in, MessageReader.IN_MEMORY);
      Version version = reader.greeting().version();
      reader.entries(entries);
      in.readAllBytes();
      return version;
    }
  }

  static Optional<Duration> age(HttpResponse<?> answer) {
    return answer
        .headers()
        .firstValue("Selvedge-Age")
        .filter(text -> text.chars().allMatch(Character::isDigit))
        .map(text -> Duration.ofMillis(Long.parseLong(text)));
  }
}
