/** Values as JSON, by Jackson. */
module selvedge.jackson {
  requires static transitive org.jspecify;
  requires transitive selvedge.model;
  requires transitive tools.jackson.databind;

  exports selvedge.jackson;
}
