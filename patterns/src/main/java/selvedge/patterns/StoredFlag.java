package selvedge.patterns;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/**
 * The stored forms of a flag.
 *
 * <p>Form 0 has one line each for the switch, the share, the salt and every user. Form 1 is a JSON
 * object; the kind of a rule is the name of its first member.
 */
final class StoredFlag {
  private StoredFlag() {}

  static Bytes encode(Flag flag) {
    return new Form()
        .with("enabled", flag.enabled())
        .with("salt", flag.salt())
        .with("rules", flag.rules().stream().map(StoredFlag::encode).toList())
        .with("metadata", flag.metadata())
        .bytes();
  }

  private static Map<String, Object> encode(FlagRule rule) {
    return switch (rule) {
      case FlagRule.Users(Set<String> users) -> Map.of("users", List.copyOf(users));
      case FlagRule.Share(double percent) -> Map.of("percent", percent);
      case FlagRule.Schedule schedule -> encode(schedule);
      case FlagRule.Attribute(String name, Set<String> values) -> {
        Map<String, Object> fields = new LinkedHashMap<>(Map.of("attribute", name));
        fields.put("values", List.copyOf(values));
        yield fields;
      }
      case FlagRule.All(List<FlagRule> rules) ->
          Map.of("all", rules.stream().map(StoredFlag::encode).toList());
    };
  }

  private static Map<String, Object> encode(FlagRule.Schedule schedule) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", schedule.from().toString());
    fields.put("until", schedule.until().toString());
    return fields;
  }

  static Flag decode(Bytes bytes) {
    try {
      return Form.read(bytes).map(StoredFlag::decode).orElseGet(() -> decodeForm0(bytes.utf8()));
    } catch (InvalidRequestException | NumberFormatException | DateTimeException e) {
      throw new InvalidRequestException(
          "\"" + bytes.utf8() + "\" is not a flag of form 0 or 1: " + e.getMessage());
    }
  }

  private static Flag decode(Form form) {
    return new Flag(
        form.isTrue("enabled"),
        form.forms("rules").stream().map(StoredFlag::decodeRule).toList(),
        form.text("salt"),
        form.texts("metadata"));
  }

  private static FlagRule decodeRule(Form rule) {
    if (rule.has("users")) {
      return new FlagRule.Users(new TreeSet<>(rule.list("users")));
    }
    if (rule.has("percent")) {
      return new FlagRule.Share(rule.decimal("percent"));
    }
    if (rule.has("from")) {
      return new FlagRule.Schedule(
          Instant.parse(rule.text("from")), Instant.parse(rule.text("until")));
    }
    if (rule.has("attribute")) {
      return new FlagRule.Attribute(rule.text("attribute"), new TreeSet<>(rule.list("values")));
    }
    return new FlagRule.All(rule.forms("all").stream().map(StoredFlag::decodeRule).toList());
  }

  /** Form 0 may have names that are refused now; none of them is a user. */
  private static Flag decodeForm0(String text) {
    List<String> lines = List.of(text.split("\n", -1));
    if (lines.size() < 3 || !lines.getFirst().matches("on|off")) {
      throw new InvalidRequestException("it has no switch, share and salt");
    }
    List<FlagRule> rules = new ArrayList<>();
    Set<String> users =
        new TreeSet<>(lines.subList(3, lines.size()).stream().filter(Flag::isOneLine).toList());
    if (!users.isEmpty()) {
      rules.add(new FlagRule.Users(users));
    }
    double percent = Double.parseDouble(lines.get(1));
    if (percent != 0) {
      rules.add(new FlagRule.Share(percent));
    }
    return new Flag(lines.getFirst().equals("on"), rules, lines.get(2), Map.of());
  }
}
