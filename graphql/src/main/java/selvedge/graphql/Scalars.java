package selvedge.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The scalar types of the schema, with the names that the service has. Stateless. */
final class Scalars {
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Scalars() {}

  static List<GraphQLScalarType> all() {
    return List.of(
        scalar("string", new Text(text -> text)),
        scalar("Date", new Text(Scalars::date)),
        scalar("Time", new Text(Scalars::time)),
        scalar("uint64", new Whole()),
        scalar("float64", new Whole()));
  }

  private static GraphQLScalarType scalar(String name, Coercing<?, ?> coercing) {
    return GraphQLScalarType.newScalar().name(name).coercing(coercing).build();
  }

  /** Accepts a time as well, as some clients send it. */
  private static String date(String text) {
    try {
      return LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text).toString();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "a Date must be written as 2026-01-31, got \"" + text + "\"", e);
    }
  }

  private static String time(String text) {
    try {
      return text.length() == 10 ? LocalDate.parse(text) + "T00:00:00Z" : instant(text).toString();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "a Time must be written as 2026-01-31T12:00:00Z, got \"" + text + "\"", e);
    }
  }

  private static Instant instant(String text) {
    return text.endsWith("Z") ? Instant.parse(text) : OffsetDateTime.parse(text).toInstant();
  }

  /** A scalar that is written as a text. */
  private record Text(UnaryOperator<String> reading) implements Coercing<String, String> {
    @Override
    public String serialize(Object result, GraphQLContext context, Locale locale) {
      return result.toString();
    }

    @Override
    public String parseValue(Object input, GraphQLContext context, Locale locale) {
      if (!(input instanceof String text)) {
        throw new CoercingParseValueException("a text is required, got " + input);
      }
      try {
        return reading.apply(text);
      } catch (IllegalArgumentException e) {
        throw new CoercingParseValueException(e.getMessage(), e);
      }
    }

    @Override
    public String parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      if (!(input instanceof StringValue text)) {
        throw new CoercingParseLiteralException("a text is required");
      }
      try {
        return reading.apply(String.valueOf(text.getValue()));
      } catch (IllegalArgumentException e) {
        throw new CoercingParseLiteralException(e.getMessage(), e);
      }
    }
  }

  /** A number; as an argument it must be whole. */
  private record Whole() implements Coercing<Long, Number> {
    @Override
    public Number serialize(Object result, GraphQLContext context, Locale locale) {
      return (Number) result;
    }

    @Override
    public Long parseValue(Object input, GraphQLContext context, Locale locale) {
      if (input instanceof Number number && number.longValue() == number.doubleValue()) {
        return number.longValue();
      }
      throw new CoercingParseValueException("a whole number is required, got " + input);
    }

    @Override
    public Long parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      if (input instanceof IntValue number && number.getValue().compareTo(LONG_MAX) <= 0) {
        return number.getValue().longValue();
      }
      throw new CoercingParseLiteralException("a whole number is required");
    }
  }
}
