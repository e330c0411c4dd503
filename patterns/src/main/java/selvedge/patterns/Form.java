package selvedge.patterns;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/** Names and texts as one line, as browsers send forms. */
final class Form {
  static final Codec<Map<String, String>> CODEC = Codec.of(Form::encode, Form::decode);

  private Form() {}

  private static Bytes encode(Map<String, String> fields) {
    return Bytes.utf8(
        fields.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&")));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> decode(Bytes bytes) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : bytes.utf8().split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals >= 0) {
        fields.put(decode(field.substring(0, equals)), decode(field.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("\"" + text + "\" has a broken escape");
    }
  }
}
