package selvedge.graphql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.server.analytics.Row;

/**
 * The filter of a query: what it selects, and the span of time outside of which it selects nothing.
 * Immutable.
 *
 * @param from the first second, since 1970
 * @param to the second after the last one
 */
record Filter(List<Condition> conditions, long from, long to) {
  private static final String AND = "AND";
  private static final String OR = "OR";

  /** Requires something of operations at a time. */
  interface Condition {
    boolean test(long time, Row row);
  }

  /** A comparison of the value of a field with one or several values. */
  enum Comparison {
    EQUAL(""),
    NOT_EQUAL("_neq"),
    LESS("_lt"),
    LESS_OR_EQUAL("_leq"),
    GREATER("_gt"),
    GREATER_OR_EQUAL("_geq"),
    IN("_in"),
    NOT_IN("_notin");

    private final String suffix;

    Comparison(String suffix) {
      this.suffix = suffix;
    }

    /** Returns what follows the name of the field. */
    String suffix() {
      return suffix;
    }

    boolean isWithList() {
      return this == IN || this == NOT_IN;
    }

    private boolean holds(Object value, Object wanted) {
      if (isWithList()) {
        return wanted instanceof List<?> list && list.contains(value) == (this == IN);
      }
      int order = compare(value, wanted);
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
        case IN, NOT_IN -> throw new IllegalStateException();
      };
    }

    private static int compare(Object value, Object wanted) {
      return value instanceof Long number && wanted instanceof Long other
          ? Long.compare(number, other)
          : value.toString().compareTo(wanted.toString());
    }
  }

  /**
   * Reads the argument of a query.
   *
   * @param from the first second of the span if the filter names none
   * @param to the second after the last one
   */
  static Filter of(Map<String, Object> argument, long from, long to) {
    List<Condition> all = new ArrayList<>();
    long start = from;
    long end = to;
    for (Map.Entry<String, Object> part : argument.entrySet()) {
      if (part.getKey().equals(AND)) {
        for (Map<String, Object> each : list(part.getValue())) {
          Filter inner = of(each, from, to);
          all.addAll(inner.conditions());
          start = Math.max(start, inner.from());
          end = Math.min(end, inner.to());
        }
      } else if (part.getKey().equals(OR)) {
        List<Filter> options =
            list(part.getValue()).stream().map(each -> of(each, from, to)).toList();
        all.add((time, row) -> options.stream().anyMatch(option -> option.test(time, row)));
      } else if (part.getValue() != null) {
        Test test = test(part.getKey(), part.getValue());
        all.add(test);
        start = Math.max(start, test.from());
        end = Math.min(end, test.to());
      }
    }
    return new Filter(List.copyOf(all), start, end);
  }

  @SuppressWarnings("unchecked") // the schema says that it is a list of objects
  private static List<Map<String, Object>> list(Object value) {
    return (List<Map<String, Object>>) value;
  }

  private static Test test(String name, Object value) {
    for (Comparison each : Comparison.values()) {
      Optional<GroupField> field =
          name.endsWith(each.suffix)
              ? GroupField.of(name.substring(0, name.length() - each.suffix.length()))
              : Optional.empty();
      if (field.isPresent()) {
        return new Test(field.get(), each, value);
      }
    }
    throw new IllegalStateException("the schema has no filter " + name);
  }

  /** One comparison. */
  private record Test(GroupField field, Comparison comparison, Object wanted) implements Condition {
    @Override
    public boolean test(long time, Row row) {
      if (field.isTime() && wanted instanceof String text) {
        return comparison.holds(time - Math.floorMod(time, field.step()), second(field, text));
      }
      return comparison.holds(field.value(time, row), wanted);
    }

    private long from() {
      return switch (comparison) {
        case EQUAL, GREATER, GREATER_OR_EQUAL ->
            field.isTime() ? second(field, wanted.toString()) : Long.MIN_VALUE;
        case NOT_EQUAL, LESS, LESS_OR_EQUAL, IN, NOT_IN -> Long.MIN_VALUE;
      };
    }

    private long to() {
      return switch (comparison) {
        case EQUAL, LESS, LESS_OR_EQUAL ->
            field.isTime() ? second(field, wanted.toString()) + field.step() : Long.MAX_VALUE;
        case NOT_EQUAL, GREATER, GREATER_OR_EQUAL, IN, NOT_IN -> Long.MAX_VALUE;
      };
    }
  }

  /** Returns the second of a date or a time that the schema has checked. */
  private static long second(GroupField field, String text) {
    return field == GroupField.DATE
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond()
        : Instant.parse(text).getEpochSecond();
  }

  /** Returns whether the filter selects operations at a time. */
  boolean test(long time, Row row) {
    for (Condition condition : conditions) {
      if (!condition.test(time, row)) {
        return false;
      }
    }
    return true;
  }
}
