package selvedge.graphql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import selvedge.model.NamespaceId;
import selvedge.server.analytics.Dimension;
import selvedge.server.analytics.Group;
import selvedge.server.analytics.Operation;
import selvedge.server.analytics.Row;

/** The dimensions of the datasets, by which a query filters, groups and sorts. */
enum GroupField {
  DATE("date", "Date", 86_400),
  DATETIME("datetime", "Time", 60),
  DATETIME_MINUTE("datetimeMinute", "Time", 60),
  DATETIME_FIVE_MINUTES("datetimeFiveMinutes", "Time", 300),
  DATETIME_FIFTEEN_MINUTES("datetimeFifteenMinutes", "Time", 900),
  DATETIME_HOUR("datetimeHour", "Time", 3600),
  NAMESPACE_ID("namespaceId", "string", Dimension.NAMESPACE),
  ACTION_TYPE("actionType", "string", Dimension.OPERATION),
  RESPONSE_STATUS_CODE("responseStatusCode", "uint64", Dimension.STATUS),
  COLO_CODE("coloCode", "string", Dimension.PLACE);

  /** The dimensions that amounts of stored bytes have. */
  static final List<GroupField> OF_STORAGE =
      List.of(
          DATE,
          DATETIME,
          DATETIME_MINUTE,
          DATETIME_FIVE_MINUTES,
          DATETIME_FIFTEEN_MINUTES,
          DATETIME_HOUR,
          NAMESPACE_ID);

  private final String id;
  private final String type;
  private final Dimension dimension;
  private final long step;

  GroupField(String id, String type, long step) {
    this(id, type, Dimension.TIME, step);
  }

  GroupField(String id, String type, Dimension dimension) {
    this(id, type, dimension, 0);
  }

  GroupField(String id, String type, Dimension dimension, long step) {
    this.id = id;
    this.type = type;
    this.dimension = dimension;
    this.step = step;
  }

  static Optional<GroupField> of(String id) {
    for (GroupField each : values()) {
      if (each.id.equals(id)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Returns the name in a query. */
  String id() {
    return id;
  }

  /** Returns the name of the type of a value. */
  String type() {
    return type;
  }

  Dimension dimension() {
    return dimension;
  }

  /** Returns the seconds of a group, if this is a time. */
  long step() {
    return step;
  }

  boolean isTime() {
    return dimension == Dimension.TIME;
  }

  /** Returns the value of operations, in a form that compares as its order is. */
  Comparable<?> value(long time, Row row) {
    return switch (dimension) {
      case TIME -> time(time);
      case NAMESPACE -> text(row.namespace());
      case OPERATION -> text(row.operation());
      case STATUS -> (long) row.status();
      case PLACE -> row.place();
    };
  }

  /** Returns the value of a group. */
  Comparable<?> value(Group group) {
    return switch (dimension) {
      case TIME -> time(group.time());
      case NAMESPACE -> group.namespace() == null ? "" : text(group.namespace());
      case OPERATION -> group.operation() == null ? "" : text(group.operation());
      case STATUS -> (long) group.status();
      case PLACE -> group.place() == null ? "" : group.place();
    };
  }

  /** Returns the beginning of the time of a group as a date or a time. */
  String time(long second) {
    Instant start = Instant.ofEpochSecond(second - Math.floorMod(second, step));
    return this == DATE ? LocalDate.ofInstant(start, ZoneOffset.UTC).toString() : start.toString();
  }

  private static String text(NamespaceId id) {
    return id.equals(Row.OTHER) ? "other" : id.hex();
  }

  private static String text(Operation operation) {
    return operation.id();
  }
}
